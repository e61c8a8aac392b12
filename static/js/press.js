// When a press is a tap. A thumb may rest: of a press that lasts some engines make no click, and the tap
// would be lost. It is meant for the table it began at, not for one that came meanwhile; and it does not
// wait for the answer to an older one, which either has counted by then or is too late to count.
import { touched } from "./game-page.js";

const SLOW_MS = 250; // Firefox makes a click of what is quicker than 300
const BOUND = '[form="tap"], [form="turn"]'; // these carry the turn and the grant
const grant = () => document.getElementById("state").dataset.grant;
const sentAt = new WeakMap();
let press = touched?.pointerId === undefined ? undefined : touched;
let begun = grant();
let made;

const isOver = control => press && begun !== grant() && control.matches(BOUND);

addEventListener("pointerdown", event => {
  press = event;
  begun = grant();
  made = undefined;
}, true);

addEventListener("pointerup", event => {
  const control = press?.target.closest?.("button, a");
  const under = document.elementFromPoint(event.clientX, event.clientY);
  const isSlow = event.pointerType === "touch" && event.timeStamp - press?.timeStamp > SLOW_MS;
  if (!isSlow || event.pointerId !== press.pointerId || !control?.contains(under)) return;
  if (!isOver(control)) control.click();
  made = control;
}, true);

addEventListener("pointercancel", () => (press = undefined), true);

// A click that was not made here; one by key or by voice has no detail and no press.
addEventListener("click", event => {
  if (!event.detail) return;
  const control = event.target.closest?.("button, a");
  if (control && (control === made || isOver(control))) {
    event.preventDefault();
    event.stopPropagation();
  }
  press = undefined;
}, true);

document.addEventListener("htmx:beforeSend", ({ target }) => sentAt.set(target, grant()));
document.addEventListener("htmx:confirm", ({ target }) => {
  const isOld = target.matches('.htmx-request[hx-sync="this:drop"]') && sentAt.get(target) !== grant();
  if (isOld) htmx.trigger(target, "htmx:abort");
});

// A thumb leaves no focus behind: Space is the pedal's pass, not once more what was touched last.
// Whoever presses by key or by screen reader (no pointer) keeps the place.
document.addEventListener("click", event => {
  const button = event.pointerType && event.target.closest("button");
  if (button) setTimeout(() => button.blur()); // after its form was sent: htmx asks which was pressed
});
