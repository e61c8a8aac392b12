// Notices what has just happened at the table by comparing what the server wrote, and says it once:
// in the page's one polite region, and as an event "moment" for the senses of this device.
//   detail.kind    turn, your-turn, pass, interrupt, pause, warning, tick, time-out, out, winner, dice,
//                  undone, round, gift
//   detail.seat    whose it is; detail.mine: whether that seat is played on this device;
//                  detail.words: what a voice says of it
import "./warn.js";

const KINDS = {
  "time-out": "time-out",
  out: "out",
  finished: "winner",
  dice: "dice",
  "order-roll": "dice",
  "random-start": "dice",
  undone: "undone",
  round: "round",
  gift: "gift",
};
const UNSAID = ["gift"]; // every turn brings one
const VOICED = ["time-out", "out", "finished", "round"];
const TOGETHER_MS = 250;
const listed = text => (text ?? "").split(" ").filter(Boolean);
const hands = listed(document.querySelector(".places").dataset.for);
const region = document.getElementById("said");

const happened = (kind, seat = "", more = {}) => {
  const detail = { kind, seat, mine: hands.includes(seat), ...more };
  document.dispatchEvent(new CustomEvent("moment", { detail }));
};

// What comes at once is said at once; of who acts, and of each other topic, only the newest.
const waiting = new Map();
let saying;
const say = (topic, sentence) => {
  waiting.delete(topic);
  waiting.set(topic, sentence);
  clearTimeout(saying);
  saying = setTimeout(() => {
    region.textContent = [...waiting.values()].join(". ");
    waiting.clear();
  }, TOGETHER_MS);
};

const nameOf = seat => `\u2068${document.querySelector(`#seat-${seat} > b`)?.textContent ?? ""}\u2069`;
const sayWho = (seat, sentences) => {
  const isMe = hands.length === 1 && hands[0] === seat;
  say("who", isMe ? region.dataset.yours : sentences.replace("{}", nameOf(seat)));
};

const table = () => {
  const { status, turn, activeSeat, runningSeats, stack } = document.getElementById("state").dataset;
  return { status, turn, activeSeat, running: listed(runningSeats), stack: listed(stack) };
};
const textOf = moment => (moment.querySelector("p") ?? moment).textContent;
const keyOf = moment => `${moment.dataset.seq} ${moment.dataset.kind} ${moment.dataset.by}`;
const moments = () => new Map([...document.querySelectorAll("#moments > li")].map(one => [keyOf(one), one]));

let was = table();
let seen = moments();

const lookAtTable = () => {
  const now = table();
  const isLater = Number(now.turn) > Number(was.turn);
  const began = now.running.filter(seat => isLater || !was.running.includes(seat));
  const interrupts = now.stack.length > was.stack.length ? now.stack.at(-1) : "";
  if (now.status === "paused" && was.status === "running") happened("pause");
  if (interrupts) {
    happened("interrupt", interrupts);
    say("who", region.dataset.interrupts.replace("{}", nameOf(interrupts)));
  } else if (now.status === "running" && began.length) {
    if (was.status === "running" && isLater) happened("pass", was.activeSeat);
    for (const seat of began) {
      happened("turn", seat, { words: nameOf(seat) });
      if (hands.includes(seat)) happened("your-turn", seat);
      sayWho(seat, region.dataset.theirs);
    }
  }
  was = now;
};

const lookAtMoments = () => {
  const now = moments();
  for (const [key, one] of now) {
    if (seen.has(key)) continue;
    const { kind, by } = one.dataset;
    if (KINDS[kind]) happened(KINDS[kind], by, { element: one, words: VOICED.includes(kind) ? textOf(one) : "" });
    if (!UNSAID.includes(kind)) say(key, textOf(one));
  }
  seen = now;
};

document.addEventListener("warned", ({ detail: { seat, words, count } }) => {
  happened("warning", seat, { count, words });
  say("warning", words);
});
document.addEventListener("ticked", ({ detail: { seat, left } }) => happened("tick", seat, { left }));

// A frame is swapped in one go; what is seen here is all of it.
const watch = new MutationObserver(() => {
  lookAtTable();
  lookAtMoments();
});
watch.observe(document.body, { childList: true });
watch.observe(document.querySelector(".told"), { childList: true });

// What can no longer be taken back is no longer offered: the ring has run out.
document.addEventListener("animationend", event => {
  if (event.animationName === "lapse") event.target.closest(".offer")?.remove();
});
