// What a game's page notices, sounds and counts once something happens at it, in one request.
import "./moments.js";
import "./senses.js";
import "./hold.js";
import "./press.js";
