// What the page of a game does by itself before anything is touched, in one request; whatever these
// parts export, the whole does. The rest is at-play.js, and each channel's own.
import "./channel.js";
import "./rest.js";
import "./frames.js";
import "./device.js";
import "./seat-key.js";
