// Says once when a running clock comes down to one of the table's warnings. The server never sends
// these: the phone knows what is left and counts by itself.
const place = document.getElementById("warning");
const thresholds = (place?.dataset.thresholds ?? "").split(" ").filter(Boolean).map(Number);
const SHOWN_MS = 4000;
let timers = [];
let hiding;

const words = ms => {
  const minutes = Math.floor(ms / 60000);
  const seconds = Math.round((ms % 60000) / 1000);
  const part = (count, word) => (count ? `${count} ${word}${count === 1 ? "" : "s"}` : "");
  return [part(minutes, "minute"), part(seconds, "second")].filter(Boolean).join(" ");
};

const say = (seat, threshold) => {
  const name = seat.querySelector("b").textContent;
  clearTimeout(hiding);
  place.textContent = "";
  place.offsetWidth; // so that its animation begins anew
  place.dataset.color = seat.dataset.color;
  place.textContent = `${name}: ${words(threshold)} left`;
  hiding = setTimeout(() => (place.textContent = ""), SHOWN_MS);
};

const listen = () => {
  timers.forEach(clearTimeout);
  timers = [];
  for (const clock of document.querySelectorAll('[data-remaining-ms][data-running="yes"]')) {
    const left = Number(clock.dataset.remainingMs);
    for (const threshold of thresholds) {
      if (threshold >= left) continue;
      const seat = clock.closest("[data-seat]");
      timers.push(setTimeout(() => say(seat, threshold), left - threshold));
    }
  }
};

if (thresholds.length) {
  listen();
  new MutationObserver(changes => {
    const isClock = node => node.matches?.("[data-seat]");
    if (changes.some(change => [...change.addedNodes].some(isClock))) listen();
  }).observe(document.querySelector(".places"), { childList: true, subtree: true });
}
