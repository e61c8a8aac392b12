// What can no longer be taken back is no longer offered: the ring has run out.
document.addEventListener("animationend", event => {
  if (event.animationName === "lapse") event.target.closest(".offer")?.remove();
});
