// Controls are painted once for every place; what they are called follows the seats' own pieces.
//   data-follows="3"    hidden while seat 3 is not at the table; takes its colour where it has one
//   data-shows="name"   inside (or itself): the seat's name, or its life
const follow = () => {
  for (const control of document.querySelectorAll("[data-follows]")) {
    const seat = document.getElementById(`seat-${control.dataset.follows}`);
    const here = seat?.dataset.order > 0;
    control.hidden = !here;
    if (!here) continue;
    if ("color" in control.dataset) control.dataset.color = seat.dataset.color;
    const said = { name: seat.querySelector("b").textContent, life: seat.dataset.life };
    for (const shown of [control, ...control.querySelectorAll("[data-shows]")]) {
      const text = said[shown.dataset.shows];
      if (text !== undefined && shown.textContent !== text) shown.textContent = text;
    }
  }
};

new MutationObserver(changes => {
  const isSeat = node => /^seat-\d$/.test(node.id ?? "");
  if (changes.some(change => [...change.addedNodes].some(isSeat))) follow();
}).observe(document.querySelector(".places"), { childList: true, subtree: true });
