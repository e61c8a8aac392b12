// The line to the table: never older than what is shown, honest while it is lost, back at once.
// Loaded after htmx's extension, before it begins. The socket shares all of it but the stream.
import "./without.js";

const HURRY_MS = 400; // so long a page that comes back may look as it did
const AGAIN_MS = [250, 1800]; // how soon a lost line is tried again, at first and at most
const RARELY_MS = 15_000; // after so many failures it is no outage any more
const RARELY = 200;
export const LATE_MS = 6000; // so much later than promised a sign of life means that there is no line

export const shown = () => Number(document.getElementById("state").dataset.version);
const versionOf = text => Number(/data-version="(\d+)"/.exec(text)?.[1] ?? Infinity);
const isOlder = text => versionOf(text) < shown();
// A newer table waits for the rest of the page (rest.js); then the line begins anew and brings it. What is
// said only once must not wait: the key of a seat, an answer.
const isTooSoon = text => {
  const version = versionOf(text);
  if (!document.body.dataset.rest || version <= shown() || version === Infinity || text.includes("<seat-key")) return false;
  return document.dispatchEvent(new Event("held-back"));
};

const line = document.querySelector(".bar > .line");
let hurry;
let isBegun = false;
export const lost = () => {
  if (document.hidden || document.body.classList.contains("offline")) return;
  document.body.classList.add("offline");
  if (line) line.textContent = line.dataset.lost; // a stream has no bar
};
export const found = () => {
  clearTimeout(hurry);
  document.body.classList.remove("offline");
  if (line) line.textContent = "";
};

// What a channel's address says of this page.
export const addressed = (address, again) => {
  isBegun = true;
  const url = new URL(address, location.href);
  url.searchParams.set("since", shown());
  if (again) url.searchParams.set("again", "");
  if (localStorage.getItem("speaks")) url.searchParams.set("speaks", ""); // device.js
  return url;
};

export const tell = words => {
  const sentence = document.createElement("p");
  sentence.textContent = words;
  document.getElementById("answer").replaceChildren(sentence);
};

// Soon at first, then slower, never all screens of a table at once.
export const wait = failures => {
  if (failures > RARELY) return RARELY_MS;
  return Math.min(AGAIN_MS[0] * 1.4 ** failures, AGAIN_MS[1]) * (0.6 + Math.random() * 0.8);
};

// Answers and frames may overtake each other.
document.addEventListener("htmx:sseBeforeMessage", event => {
  if (isOlder(event.detail.data) || isTooSoon(event.detail.data)) event.preventDefault();
});
document.addEventListener("htmx:wsBeforeMessage", event => {
  if (isOlder(event.detail.message) || isTooSoon(event.detail.message)) event.preventDefault();
});
document.addEventListener("htmx:beforeSwap", event => {
  if (isOlder(event.detail.serverResponse)) event.detail.shouldSwap = false;
  else if (event.detail.shouldSwap && !OURS.test(event.detail.serverResponse)) ownUp(event);
});

// A tap that never reached the server is owned up to, not swallowed; so is one whose answer never came
// (htmx's timeout, in the page's head) or is nobody's of ours: a proxy's, or some other door's.
const OURS = / id="?(?:answer|form-|state)/;
const ownUp = event => {
  const { unsent, unsure } = document.getElementById("answer").dataset;
  tell(event.type === "htmx:sendError" ? unsent : unsure);
  lost();
};
document.addEventListener("htmx:sendError", ownUp);
document.addEventListener("htmx:timeout", ownUp);

// A hidden page holds no line; coming back begins a new one. Gives a way to end that.
export const parking = (park, wake) => {
  const over = new AbortController();
  const back = () => {
    park();
    clearTimeout(hurry);
    hurry = setTimeout(lost, HURRY_MS);
    wake();
  };
  const on = (where, what, then) => where.addEventListener(what, then, { signal: over.signal });
  on(document, "visibilitychange", () => (document.hidden ? park() : back()));
  on(window, "pageshow", event => event.persisted && back());
  on(document, "whole", back);
  on(window, "offline", lost);
  on(window, "online", back);
  return () => over.abort();
};

// What htmx's extension takes for its event source: one that reopens by itself, from what is shown.
class Stream extends EventTarget {
  failures = 0;
  again = false;

  constructor(address) {
    super();
    this.address = address;
    this.open();
    parking(() => this.close(), () => this.open());
  }

  get readyState() {
    return EventSource.OPEN; // the extension shall not reconnect as well
  }

  open() {
    this.close();
    this.source = new EventSource(addressed(this.address, this.again));
    this.again = true;
    this.source.addEventListener("open", () => this.opened());
    this.source.addEventListener("error", () => this.failed());
    this.source.addEventListener("alive", event => this.heard(event.data));
    this.source.addEventListener("table", event => {
      this.heard();
      this.dispatchEvent(new MessageEvent("table", { data: event.data }));
    });
  }

  close() {
    clearTimeout(this.timer);
    clearTimeout(this.silence);
    this.source?.close();
  }

  opened() {
    this.failures = 0;
    found();
  }

  failed() {
    this.close();
    lost();
    this.timer = setTimeout(() => this.open(), wait(this.failures++));
  }

  // The server says how often it gives a sign of life; a line that is cut says nothing at all.
  heard(seconds = this.every) {
    this.every = seconds;
    if (document.body.classList.contains("offline")) found();
    clearTimeout(this.silence);
    if (seconds) this.silence = setTimeout(() => this.failed(), seconds * 1000 + LATE_MS);
  }
}

htmx.createEventSource = address => new Stream(address);

// A script that did not come: the page takes taps, but hears of nothing. It says so, and is asked for
// again unless somebody taps: that asks as well, and must not be cut short.
addEventListener("load", () => {
  if (isBegun) return;
  lost();
  const again = setTimeout(() => location.reload(), RARELY_MS);
  addEventListener("click", () => clearTimeout(again));
});
