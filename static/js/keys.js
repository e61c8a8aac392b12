// Space passes my turn, on keyboards, remote controls and pedals; never while somebody types.
const typing = node => node.closest?.("input, textarea, select, [contenteditable]");

document.addEventListener("keydown", event => {
  if (event.key !== " " || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
  if (typing(event.target) || event.target.closest?.("button, a, summary")) return;
  const pass = [...document.querySelectorAll("button.pass")].find(one => one.checkVisibility());
  if (!pass) return;
  event.preventDefault();
  pass.click();
});
