// What a moment looks, sounds and feels like on this device. Who plays here hears what is theirs and
// what concerns everybody; who only watches, or sounds for all, hears the whole table.
// While a device of the host's sounds for all, the phones are silent.
import { device, play } from "./game-page.js";

const WHIP = "cubic-bezier(.2, .9, .1, 1)";
const DROP = "cubic-bezier(.5, 0, .2, 1)";
const WHIP_MS = 240;
const FALL_MS = 180;
const RIDE_MS = 900;
const SLOPE = 0.21256; // tan 12deg
const HEM = 40;
const LEAST = 40;
const OWN = ["pass", "your-turn", "warning", "tick"]; // heard where that seat is played
const FELT = { "your-turn": [40, 60, 40], pass: [15], warning: [30, 60, 30], "time-out": [200], winner: [40, 60, 40, 60, 120] };

const isWatching = document.querySelector(".places").dataset.for === "";
const still = matchMedia("(prefers-reduced-motion: reduce)");
const clothOf = seat => document.querySelector(`#seat-${seat} > .clk.on > s`);

// The tarp is whipped up to the whole bank, then dropped to what is left; the face on it stays put.
const whip = seat => {
  const cloth = clothOf(seat);
  const face = cloth?.firstElementChild;
  if (!face || still.matches) return;
  const whole = cloth.offsetWidth * SLOPE + 7 - cloth.offsetHeight;
  const up = Math.min(whole - new DOMMatrix(getComputedStyle(cloth).transform).m42, -LEAST);
  const film = by => [
    { translate: "0 0", easing: WHIP },
    { translate: `0 ${by}px`, easing: DROP },
    { translate: "0 0" },
  ];
  cloth.animate(film(up), 2 * WHIP_MS);
  face.animate(film(-up), 2 * WHIP_MS);
};

// "+0:30" rides the hem, from its low end to its high one.
const ride = (gift, seat) => {
  const hem = clothOf(seat)?.getBoundingClientRect();
  if (!hem || still.matches) return;
  const from = gift.getBoundingClientRect();
  const at = x => {
    const y = Math.max(hem.bottom - HEM - (x - hem.left) * SLOPE, HEM) - from.bottom;
    return { transform: `translate(${x - from.left}px, ${y}px) rotate(-12deg)`, transformOrigin: "0 100%" };
  };
  const film = [at(hem.left + HEM), at(hem.right - from.width)];
  gift.animate(film, { duration: RIDE_MS, easing: WHIP }).finished.then(() => (gift.hidden = true), () => undefined);
};

const fall = (cloth, lasts) => {
  if (cloth && !still.matches) cloth.animate([{ clipPath: "inset(0 0 100% 0)" }, { clipPath: "inset(0)" }], lasts);
};

const speak = words => {
  if (!device.speech || !words) return;
  speechSynthesis.cancel();
  const said = new SpeechSynthesisUtterance(words);
  said.lang = document.documentElement.lang;
  said.lang = document.documentElement.lang;
  said.volume = device.volume / 100;
  speechSynthesis.speak(said);
};

const LOOKS = {
  "your-turn": ({ seat }) => whip(seat),
  gift: ({ seat, mine, element }) => mine && ride(element, seat),
  interrupt: ({ seat }) => fall(document.getElementById(`seat-${seat}`), FALL_MS),
  pause: () => fall(document.getElementById("notice"), WHIP_MS),
  winner: () => fall(document.getElementById("notice"), WHIP_MS),
};

document.addEventListener("moment", ({ detail }) => {
  const { kind, mine, count, words } = detail;
  const isHeardHere = device.speaks || document.getElementById("presence").dataset.speaks !== "yes";
  LOOKS[kind]?.(detail);
  const mayShake = navigator.userActivation?.hasBeenActive ?? true; // else browsers complain
  if (mine && FELT[kind] && device.vibration && mayShake) navigator.vibrate?.(FELT[kind]);
  if (!isHeardHere) return;
  if (mine || isWatching || device.speaks || !OWN.includes(kind)) play(kind === "warning" ? `warning-${Math.min(count, 3)}` : kind);
  speak(words);
});
