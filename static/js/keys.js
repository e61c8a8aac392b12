// A whole game by keyboard, remote control or pedal (these send Space). Never while somebody types,
// and a key that is held down counts once. The sheet #keys lists them.
const TYPED = "input, textarea, select, [contenteditable]";
const PRESSED_BY_SPACE = "button, summary";

const visible = selector => [...document.querySelectorAll(selector)].filter(one => one.checkVisibility());
const isDeaf = button => button.getAnimations().some(one => one.animationName === "arm" && one.playState === "running");
const click = button => {
  if (button && !isDeaf(button)) button.click();
  return Boolean(button);
};
const state = () => document.getElementById("state").dataset;
const open = sheet => location.replace(document.querySelector(`${sheet}:target`) ? "#" : sheet);

const pause = () => {
  const { status } = state();
  if (status === "paused") return click(document.querySelector("button.resume"));
  return status === "running" && click(document.querySelector('#stop [value="other"]'));
};

const askOrConfirm = () => {
  const [confirm] = visible("button.ask-them");
  if (confirm) return click(confirm);
  if (!visible(".place > .ask").length) return false;
  open("#ask");
  return true;
};

const interrupt = () => {
  const ways = visible("button.interrupt");
  if (ways.length > 1) open("#table"); // several seats are played here: by name
  else return click(ways[0]);
  return true;
};

const undo = () => {
  const open = [...document.querySelectorAll("#offers > .offer")].map(offer => offer.dataset.by);
  const ways = [...document.querySelectorAll(".take-back")].filter(one => open.includes(one.dataset.by));
  return click(ways[0]?.querySelector("button"));
};

// A number is a choice at a time-out, a seat to ask while asking, a seat to hand the turn to else.
const number = place => {
  const choices = visible(".decide > button");
  if (choices.length) return click(choices[place - 1]);
  const [toggle] = visible(`[data-place="${place}"] > .toggle`);
  if (toggle) return click(toggle);
  const { status, activeSeat, stack, targeting } = state();
  const seat = document.getElementById(`seat-${place}`)?.dataset;
  const hands = document.querySelector(".places").dataset.for.split(" ");
  const mayGive = status === "running" && hands.includes(activeSeat) && !stack && !targeting;
  if (!mayGive || activeSeat === `${place}` || !(seat?.order > 0) || seat.out === "yes") return false;
  return click(document.querySelector(`.my-turn [formaction$="/switch-turn"][value="${place}"]`));
};

const close = () => {
  if (!document.querySelector(".sheet:target, #ask:target, #undo:target")) return false;
  location.replace("#");
  return true;
};

const KEYS = {
  " ": () => click(visible("button.pass")[0]),
  p: pause,
  m: () => document.querySelector(".mute").click(),
  i: interrupt,
  u: undo,
  a: askOrConfirm,
  "?": () => open("#keys") ?? true,
  escape: close,
};

export const press = event => {
  if (event.repeat || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const key = event.key.toLowerCase();
  if (event.target.closest?.(TYPED) && key !== "escape") return;
  if (key === " " && event.target.closest?.(PRESSED_BY_SPACE)) return;
  const done = /^[1-8]$/.test(key) ? number(Number(key)) : KEYS[key]?.();
  if (done) event.preventDefault();
};

document.addEventListener("keydown", press);
