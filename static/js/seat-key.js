// Keeps the key of my seat, and offers it when the cookie that says who I am is gone.
// The server hands the key over once: in a cookie that lives a minute on this game's address, or
// over the socket as <seat-key>.
const gameCode = document.getElementById("state").dataset.code;
const SEAT_KEY = `seat-key-${gameCode}`;

const keepKey = key => {
  if (key === "gone") localStorage.removeItem(SEAT_KEY);
  else localStorage.setItem(SEAT_KEY, key);
};

const handed = /(?:^|; )seat-key=([^;]+)/.exec(document.cookie)?.[1];
if (handed) {
  keepKey(handed);
  document.cookie = `seat-key=; Max-Age=0; Path=/games/${gameCode}; SameSite=Strict`;
}

class SeatKey extends HTMLElement {
  connectedCallback() {
    keepKey(this.dataset.key);
    this.remove();
  }
}
customElements.define("seat-key", SeatKey);

const keptKey = localStorage.getItem(SEAT_KEY);
const wayBack = document.getElementById("seat-back");
if (keptKey && wayBack && document.body.dataset.me === "") {
  wayBack.href = `/games/${gameCode}/reconnect/${keptKey}`;
  wayBack.hidden = false;
}
