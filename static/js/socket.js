// The socket of this page: taps go up it, pieces come down. Loaded after the WebSocket extension,
// before it begins. While there is no open socket the forms go their usual way by themselves; where
// none can be opened at all (a proxy that lets no upgrade through) the stream takes its place.
import { LATE_MS, addressed, found, lost, parking, taken, tell, wait } from "./game-page.js";
import "../vendor/htmx-ext-ws.min.js";

const ANSWER_MS = 5000;
const OPEN_MS = 4000; // a handshake that hangs so long is none
const TRIES_AT_FIRST = 2; // sockets that never opened, on a page that never had one
const TRIES = 12; // likewise where one was open before: it may as well be an outage
const PARKED = 1000;
const UNSURE = document.getElementById("answer").dataset.unsure;
let place = document.querySelector("[ws-connect]");
let socket;
let wrapper;
let unanswered;
let asker;
let opening;
let silence;
let every;
let failures = 0;
let isSitting;

htmx.config.wsReconnectDelay = () => wait(failures);

htmx.createWebSocket = address => {
  const url = addressed(address, socket);
  socket?.close(PARKED); // one socket a page
  unsure(); // what a new one says first answers nothing that went up the old one
  const made = (socket = new WebSocket(url));
  clearTimeout(opening);
  opening = setTimeout(() => made.readyState === WebSocket.CONNECTING && made.close(), OPEN_MS);
  return made;
};

const answered = () => (unanswered = clearTimeout(unanswered));

// A tap went up and nothing has come back: whoever tapped is told, and the line begun anew.
const unsure = () => {
  if (!unanswered) return;
  answered();
  tell(UNSURE);
};
const giveUp = () => {
  unsure();
  lost();
  wrapper?.reconnect();
};

// The server says how soon its next word follows; a line that is cut says nothing at all.
const heard = (seconds = every) => {
  every = seconds;
  clearTimeout(silence);
  if (every) silence = setTimeout(giveUp, every * 1000 + LATE_MS);
};

document.addEventListener("htmx:wsOpen", event => {
  wrapper = event.detail.socketWrapper;
  failures = 0;
  found();
});
document.addEventListener("htmx:wsBeforeMessage", event => {
  const alive = /^alive ([\d.]+)$/.exec(event.detail.message);
  heard(alive?.[1]);
  if (alive) return event.preventDefault();
  answered();
  // What was done has no answer but the news; a "no" is a sentence, or the form again.
  if (asker && !/ id="(?:answer|form-)/.test(event.detail.message)) taken(asker);
  asker = undefined;
});
document.addEventListener("htmx:wsClose", event => {
  if (event.detail.event.target !== socket) return;
  clearTimeout(opening);
  clearTimeout(silence);
  unsure();
  const { code, reason } = event.detail.event;
  if (code === PARKED) return;
  lost();
  if (reason) tell(reason);
  failures++;
  if (failures >= (wrapper ? TRIES : TRIES_AT_FIRST)) streamInstead();
});

// Every form of the page that htmx would send: up the socket while it is open.
document.addEventListener("htmx:beforeRequest", event => {
  const { verb, path, formData } = event.detail.requestConfig;
  const command = /^\/games\/\w+\/([a-z-]+)$/.exec(path)?.[1];
  if (verb !== "post" || !command || socket?.readyState !== WebSocket.OPEN) return;
  event.preventDefault();
  const fields = Object.fromEntries([...new Set(formData.keys())].map(name => [name, formData.getAll(name)]));
  socket.send(JSON.stringify({ ...fields, command }));
  asker = event.target;
  isSitting = command === "claim-seat";
  unanswered ??= setTimeout(giveUp, ANSWER_MS);
});

// The key of a seat comes once, behind the news of who sat down: a line that begins anew waits for it.
const KEY_MS = 1000;
addEventListener("whole", event => {
  if (!isSitting) return;
  isSitting = false;
  event.stopPropagation();
  setTimeout(() => document.dispatchEvent(new Event("whole")), KEY_MS);
}, true);

const beginAgain = () => {
  const fresh = place.cloneNode();
  place.replaceWith(fresh);
  place = fresh;
  htmx.process(place);
};

const stopParking = parking(
  () => socket?.close(PARKED),
  () => (wrapper ? wrapper.reconnect() : beginAgain()),
);

const streamInstead = () => {
  stopParking();
  place.remove(); // and the extension tries no more
  import("./instead.js").then(({ listen }) => listen(place), () => setTimeout(streamInstead, wait(failures)));
};
