// Says once when a running clock comes down to one of the table's warnings, and counts its last ten
// seconds. The server never sends these: the phone knows what is left and how fast it goes.
//   event "warned" on document    seat, the words, how many of the table's warnings that makes
//   event "ticked" on document    seat, whole seconds left
const banner = document.getElementById("warning");
const thresholds = (banner?.dataset.thresholds ?? "").split(" ").filter(Boolean).map(Number);
const words = (banner?.dataset.words ?? "").split("|"); // of each threshold, "5 minutes left"
const SHOWN_MS = 4000;
const LAST_S = 10;
const RISEN_MS = 500; // a bank has risen above a warning only when it is by more than a phone's error
const above = new Map(); // "seat threshold": whether the bank was above it when last seen
let timers = [];
let hiding;

const announce = (what, detail) => document.dispatchEvent(new CustomEvent(what, { detail }));

const warnOf = (seat, threshold) => {
  const name = seat.querySelector("b").textContent;
  clearTimeout(hiding);
  banner.textContent = "";
  banner.offsetWidth; // so that its animation begins anew
  banner.dataset.color = seat.dataset.color;
  banner.textContent = `\u2068${name}\u2069: ${words[thresholds.indexOf(threshold)]}`;
  hiding = setTimeout(() => (banner.textContent = ""), SHOWN_MS);
  announce("warned", { seat: seat.dataset.seat, words: banner.textContent, count: thresholds.indexOf(threshold) + 1 });
};

// One clock and one warning. A bank may also fall at once (time taken, an undo charged).
const watchFor = (clock, threshold) => {
  const seat = clock.closest("[data-seat]");
  const key = `${seat.dataset.seat} ${threshold}`;
  const { remainingMs, delayMs = 0, gains = 1, pace = 1, running } = clock.dataset;
  const over = remainingMs - threshold;
  const was = above.get(key);
  above.set(key, was === false ? over > RISEN_MS : over > 0);
  if (running !== "yes") return;
  const warn = () => {
    if (!seat.isConnected) return;
    above.set(key, false);
    warnOf(seat, threshold);
  };
  if (above.get(key)) timers.push(setTimeout(warn, Number(delayMs) + (over * pace) / gains));
  else if (was) warn();
};

// A period of byo-yomi ends like a bank.
const count = clock => {
  const { remainingMs, delayMs = 0, gains = 1, pace = 1 } = clock.dataset;
  const { seat } = clock.closest("[data-seat]").dataset;
  for (let left = LAST_S; left > 0; left--) {
    const wait = Number(delayMs) + ((remainingMs - left * 1000) * pace) / gains;
    if (wait >= 0) timers.push(setTimeout(() => clock.isConnected && announce("ticked", { seat, left }), wait));
  }
};

// Banks are warned of: not what counts up, is owed already, or is a period of byo-yomi.
const listen = () => {
  timers.forEach(clearTimeout);
  timers = [];
  const banks = ':not([data-phase="up"], [data-phase="over"], [data-phase="period"])';
  document.querySelectorAll('[data-running="yes"]:not([data-phase="up"], [data-phase="over"])').forEach(count);
  for (const clock of document.querySelectorAll(`[data-remaining-ms]${banks}`)) {
    for (const threshold of thresholds) watchFor(clock, threshold);
  }
};

listen();
new MutationObserver(changes => {
  const isClock = node => node.matches?.("[data-seat]");
  if (changes.some(change => [...change.addedNodes].some(isClock))) listen();
}).observe(document.querySelector(".places"), { childList: true, subtree: true });
