// Keeps the key of my seat, and offers it when the cookie that says who I am is gone.
// The server hands the key over once: in a cookie that lives a minute on this game's address, or
// over the socket as <seat-key>.
const code = document.getElementById("state").dataset.code;
const KEY = `seat-key-${code}`;

const keep = key => {
  if (key === "gone") localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, key);
};

const handed = /(?:^|; )seat-key=([^;]+)/.exec(document.cookie)?.[1];
if (handed) {
  keep(handed);
  document.cookie = `seat-key=; Max-Age=0; Path=/games/${code}; SameSite=Strict`;
}

class SeatKey extends HTMLElement {
  connectedCallback() {
    keep(this.dataset.key);
    this.remove();
  }
}
customElements.define("seat-key", SeatKey);

const kept = localStorage.getItem(KEY);
const back = document.getElementById("seat-back");
if (kept && back && document.body.dataset.me === "") {
  back.href = `/games/${code}/reconnect/${kept}`;
  back.hidden = false;
}
