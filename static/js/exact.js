// Sets each new clock going from the instant its numbers arrived, not from when the phone got round
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

new MutationObserver(changes => {
  for (const node of changes.flatMap(change => [...change.addedNodes])) {
    if (node.matches?.("[data-seat]")) {
      node.querySelectorAll('[data-running="yes"], .grace').forEach(clock => begin(clock, arrived));
    }
  }
}).observe(document.querySelector(".places"), { childList: true, subtree: true });
