// A − or + that is held counts ten, and ten more for as long as it lasts.
const HOLD_MS = 500;
const MORE_MS = 700;
const COUNTS = 'button[name="by"]';
let timer;
let held = false;

const send = (button, by) => {
  const source = button.closest("[hx-post]");
  htmx.ajax("POST", source.getAttribute("hx-post"), { source, values: { by } });
};

document.addEventListener("pointerdown", event => {
  clearTimeout(timer);
  held = false;
  const button = event.target.closest?.(COUNTS);
  if (!button || event.button || !htmx.ajax) return;
  const ten = () => {
    held = true;
    send(button, 10 * button.value);
    timer = setTimeout(ten, MORE_MS);
  };
  timer = setTimeout(ten, HOLD_MS);
});
for (const end of ["pointerup", "pointercancel", "blur"]) addEventListener(end, () => clearTimeout(timer));

// The click that ends it is not one more, and the menu of a long press is in the way.
addEventListener(
  "click",
  event => {
    if (!held || !event.target.closest?.(COUNTS)) return;
    held = false;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);
addEventListener("contextmenu", event => event.target.closest?.(COUNTS) && event.preventDefault());
