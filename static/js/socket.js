// The socket of this page: taps go up it, pieces come down. Loaded after the WebSocket extension,
// before it begins. While there is no open socket the forms go their usual way by themselves.
import { found, lost, parking, shown, tell } from "./line.js";

const BACK_MS = 300; // the extension's own back-off lets people wait for up to a minute
const ANSWER_MS = 5000;
const PARKED = 1000;
const UNSURE = "The line broke. Please look whether that tap counted.";
let socket;
let wrapper;
let unanswered;

htmx.config.wsReconnectDelay = () => BACK_MS + Math.random() * 2 * BACK_MS;

htmx.createWebSocket = address => {
  const url = new URL(address);
  url.searchParams.set("since", shown());
  if (socket) url.searchParams.set("again", "");
  socket?.close(PARKED); // one socket a page
  socket = new WebSocket(url);
  return socket;
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

document.addEventListener("htmx:wsOpen", event => {
  wrapper = event.detail.socketWrapper;
  found();
});
document.addEventListener("htmx:wsBeforeMessage", answered);
document.addEventListener("htmx:wsClose", event => {
  if (event.detail.event.target !== socket) return;
  unsure();
  const { code, reason } = event.detail.event;
  if (code === PARKED) return;
  lost();
  if (reason) tell(reason);
});

// Every form of the page that htmx would send: up the socket while it is open.
document.addEventListener("htmx:beforeRequest", event => {
  const { verb, path, formData } = event.detail.requestConfig;
  const command = /^\/games\/\w+\/([a-z-]+)$/.exec(path)?.[1];
  if (verb !== "post" || !command || socket?.readyState !== WebSocket.OPEN) return;
  event.preventDefault();
  const fields = Object.fromEntries([...new Set(formData.keys())].map(name => [name, formData.getAll(name)]));
  socket.send(JSON.stringify({ ...fields, command }));
  unanswered ??= setTimeout(giveUp, ANSWER_MS);
});

parking(
  () => socket?.close(PARKED),
  () => (wrapper ? wrapper.reconnect() : location.reload()),
);
