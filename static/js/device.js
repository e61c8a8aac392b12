// What this device does beside its screen, kept on it alone: sound, shaking, speech, staying awake.
// The controls stand in the page ([data-keeps] in the table's sheet, .mute and .awake in the bar) and
// are shown once this is here, since they are nothing without it.
const KEY = "device";
const AT_FIRST = { sound: true, volume: 70, vibration: true, speech: false, awake: true };
const CAN = {
  vibration: "vibrate" in navigator && matchMedia("(pointer: coarse)").matches,
  speech: "speechSynthesis" in window,
  awake: "wakeLock" in navigator,
};

const kept = () => {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    return {}; // somebody else's text, or storage that is closed to us
  }
};
export const device = { ...AT_FIRST, ...kept(), speaks: Boolean(localStorage.getItem("speaks")) };

const mute = document.querySelector(".mute");
const awake = document.querySelector(".awake");
const controls = [...document.querySelectorAll("[data-keeps]")];
let sounds;
let lock;

const mark = (sign, state) => {
  sign.dataset.state = state;
  sign.setAttribute("aria-label", sign.dataset[state]);
  sign.title = sign.dataset[state];
};

const show = () => {
  mark(mute, !device.sound ? "off" : sounds?.isOpen() ? "on" : "locked");
  mark(awake, lock && !lock.released ? "yes" : "no");
  for (const control of controls) {
    const value = device[control.dataset.keeps];
    if (control.type === "checkbox") control.checked = value;
    else control.value = value;
  }
};

export const keep = changes => {
  Object.assign(device, changes);
  try {
    localStorage.setItem(KEY, JSON.stringify(device));
  } catch {
    // a private window: it holds for this page
  }
  show();
  if ("speaks" in changes) {
    if (changes.speaks) localStorage.setItem("speaks", "yes");
    else localStorage.removeItem("speaks");
    location.reload(); // the channel's address says it, and the server tells the phones
  }
  if ("awake" in changes) stayAwake();
  if (changes.sound) unlock();
};

// ---- sound: its module comes with the first touch that may open it, and not at all while muted
const unlock = async () => {
  if (!device.sound || sounds?.isOpen()) return;
  sounds ??= await import("./sound.js").catch(() => undefined); // no line: with the next touch
  await sounds?.unlock();
  show();
};
for (const touch of ["pointerup", "keydown"]) document.addEventListener(touch, unlock, { capture: true });

export const play = name => device.sound && sounds?.play(name, device.volume);

export const toggleSound = async () => {
  if (device.sound && !sounds?.isOpen()) return unlock(); // it asked for a touch, and got it
  keep({ sound: !device.sound });
};

// ---- awake: the lock goes whenever the page is hidden, and is taken again on return
const stayAwake = async () => {
  if (!device.awake) await lock?.release();
  else if (CAN.awake && !document.hidden && (lock?.released ?? true)) {
    lock = await navigator.wakeLock.request("screen").catch(() => undefined); // battery saver
    lock?.addEventListener("release", show);
  }
  show();
};
document.addEventListener("visibilitychange", () => {
  stayAwake();
  sounds?.unlock().then(show);
});

// ---- the controls
mute.addEventListener("click", toggleSound);
for (const control of controls) {
  control.closest("[hidden]")?.toggleAttribute("hidden", CAN[control.dataset.keeps] === false);
  control.addEventListener("change", () => {
    keep({ [control.dataset.keeps]: control.type === "checkbox" ? control.checked : Number(control.value) });
    if (control.dataset.keeps === "volume") play("your-turn");
  });
}
document.getElementById("device").hidden = false;
mute.hidden = false;
awake.hidden = !CAN.awake;
stayAwake();

// Not on the first visit: on the next the HTTP cache has what the worker wants to keep.
const isCached = performance.getEntriesByType("resource").some(({ name, transferSize }) => /\.css$/.test(name) && !transferSize);
if (isCached) navigator.serviceWorker?.register("/sw.js").catch(() => undefined); // refused in private windows
