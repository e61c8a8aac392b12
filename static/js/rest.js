// An untouched lobby has a sheet of its own, a third of the whole one. The whole and what happens at
// play come on the first need: a touch, a key, an address that opens a sheet, or the first news of the
// table, which the line holds back so long (body[data-rest]).
const rest = document.body.dataset.rest;
export let touched; // what called, and may be a press that still lasts when the rest is here
let coming;
let isHeldBack = false;

const loaded = sheet => new Promise((done, failed) => {
  sheet.addEventListener("load", done);
  sheet.addEventListener("error", failed);
});

const wholeSheet = async () => {
  const small = document.querySelector('link[rel="stylesheet"]');
  const whole = small.cloneNode();
  whole.href = rest;
  small.before(whole);
  await loaded(whole).catch(error => {
    whole.remove();
    throw error;
  });
  small.remove();
};

const come = event => {
  touched = event;
  coming ??= Promise.all([rest && wholeSheet(), import("./at-play.js")]).then(
    () => {
      delete document.body.dataset.rest;
      if (isHeldBack) document.dispatchEvent(new Event("whole"));
    },
    () => (coming = undefined), // no line: with the next need
  );
};

for (const touch of ["pointerdown", "keydown", "focusin"]) document.addEventListener(touch, come, { capture: true });
if (rest) {
  addEventListener("hashchange", come);
  document.addEventListener("held-back", () => {
    isHeldBack = true;
    come();
  });
}
if (!rest || location.hash.length > 1) come();
