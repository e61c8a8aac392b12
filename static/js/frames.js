// What a frame brings and HTML and CSS cannot do by themselves; then what waits for a first need.

// ---- Each new clock runs from the instant its numbers arrived, not from when the phone got round
// to drawing it. Without this the clock in CSS is late by one drawing: little on a quick phone.
const begin = (clock, instant) => {
  for (const animation of clock.getAnimations({ subtree: true })) {
    if (animation.playState === "running") animation.startTime = instant;
  }
};

const page = performance.getEntriesByType("navigation")[0];
let arrived = page?.responseStart ?? performance.now();
document.querySelectorAll('[data-running="yes"]').forEach(clock => begin(clock, arrived));

const note = event => (arrived = event.timeStamp);
document.addEventListener("htmx:sseBeforeMessage", note);
document.addEventListener("htmx:wsBeforeMessage", note);
document.addEventListener("htmx:beforeSwap", note);

// ---- Controls are painted once for every place; what they are called follows the seats' pieces.
//   data-follows="3"    hidden while seat 3 is not at the table; takes its colour where it has one
//   data-shows="name"   inside (or itself): the seat's name, or its life
const follow = () => {
  for (const control of document.querySelectorAll("[data-follows]")) {
    const seat = document.getElementById(`seat-${control.dataset.follows}`);
    const here = seat?.dataset.order > 0;
    control.hidden = !here;
    if (!here) continue;
    if ("color" in control.dataset) control.dataset.color = seat.dataset.color;
    const said = { name: seat.querySelector("b").textContent, life: seat.dataset.life };
    for (const shown of [control, ...control.querySelectorAll("[data-shows]")]) {
      const text = said[shown.dataset.shows];
      if (text !== undefined && shown.textContent !== text) shown.textContent = text;
    }
  }
};

new MutationObserver(changes => {
  const added = changes.flatMap(change => [...change.addedNodes]);
  for (const node of added.filter(node => node.matches?.("[data-seat]"))) {
    node.querySelectorAll('[data-running="yes"], .grace').forEach(clock => begin(clock, arrived));
  }
  if (added.some(node => /^seat-\d$/.test(node.id ?? ""))) follow();
}).observe(document.querySelector(".places"), { childList: true, subtree: true });

// ---- <page-turn>: who I am at this table has changed, so the page is painted again:
// not under a thumb, and not before a tap is gone, or it would go with the page.
const UNDER_WAY = ".htmx-request, button:active";
const TURNED = "page-turned";
const SOON_MS = 1000;

class PageTurn extends HTMLElement {
  connectedCallback() {
    const turned = Number(sessionStorage.getItem(TURNED) ?? 0);
    const turn = () => {
      if (document.querySelector(UNDER_WAY)) return setTimeout(turn, 50);
      sessionStorage.setItem(TURNED, Date.now());
      // What that sheet asked is answered; painted again, it would stand open once more.
      if (document.querySelector(".sheet:is(.short, #you):target")) history.replaceState(null, "", location.pathname + location.search);
      location.reload();
    };
    setTimeout(turn, Math.max(0, turned + SOON_MS - Date.now())); // never faster than once a second
  }
}
customElements.define("page-turn", PageTurn);

// ---- A sheet that asked one thing is done once the answer was taken: it goes away by itself. Without
// this the pause would open under its own question, and the end of the game under the host's sheet.
const ONE_QUESTION = ".sheet.short form";
const ASKED = ".asking button";
const LAST_WORDS = [ONE_QUESTION, ASKED, ...["finish", "reset", "concede", "leave-seat"].map(word => `.sheet form[action$="/${word}"]`)].join();

export const taken = (asker, isPainted) => {
  if (!location.hash || !asker.matches(LAST_WORDS)) return;
  if (isPainted) history.replaceState(null, "", location.pathname + location.search);
  else location.replace("#");
};

document.addEventListener("htmx:beforeOnLoad", event => {
  const answer = event.detail.xhr;
  if (answer.status < 300) taken(event.target, answer.getResponseHeader("HX-Refresh"));
});

// ---- On the first need.
if (document.querySelector(".bar")) {
  // On a stream's overlay nothing is pressed.
  const keyed = async event => {
    const keys = await import("./keys.js").catch(() => undefined); // no line: with the next key
    if (keys) document.removeEventListener("keydown", keyed);
    keys?.press(event);
  };
  document.addEventListener("keydown", keyed);
}

document.addEventListener("click", async event => {
  const link = event.target.closest("share-link a");
  if (!link || customElements.get("share-link")) return;
  event.preventDefault();
  await import("./share-link.js");
  link.closest("share-link").share(link);
});
