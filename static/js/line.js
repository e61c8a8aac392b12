// What both channels share: never older than what is shown, and honest about a lost line.
export const shown = () => Number(document.getElementById("state").dataset.version);
const isOlder = text => Number(/data-version="(\d+)"/.exec(text)?.[1] ?? Infinity) < shown();

export const lost = () => {
  if (!document.hidden) document.body.classList.add("offline");
};
export const found = () => document.body.classList.remove("offline");

export const tell = words => {
  const sentence = document.createElement("p");
  sentence.textContent = words;
  document.getElementById("answer").replaceChildren(sentence);
};

// Answers and frames may overtake each other.
document.addEventListener("htmx:sseBeforeMessage", event => {
  if (isOlder(event.detail.data)) event.preventDefault();
});
document.addEventListener("htmx:wsBeforeMessage", event => {
  if (isOlder(event.detail.message)) event.preventDefault();
});
document.addEventListener("htmx:beforeSwap", event => {
  if (isOlder(event.detail.serverResponse)) event.detail.shouldSwap = false;
});

// A tap that never reached the server is owned up to, not swallowed.
document.addEventListener("htmx:sendError", () => {
  tell("No line: that tap did not count.");
  document.body.classList.add("offline");
});

// A hidden page holds no line; coming back begins a new one.
export const parking = (park, wake) => {
  document.addEventListener("visibilitychange", () => (document.hidden ? park() : wake()));
  addEventListener("pageshow", event => {
    if (!event.persisted) return;
    park();
    wake();
  });
  addEventListener("offline", () => document.body.classList.add("offline"));
  addEventListener("online", () => {
    park();
    wake();
  });
};
