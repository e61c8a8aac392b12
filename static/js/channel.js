// The stream of this page: never older than what is shown, parked while nobody looks, and honest
// about a lost line. Loaded after the SSE extension, before it begins.
const shown = () => Number(document.getElementById("state").dataset.version);
const isOlder = text => Number(/data-version="(\d+)"/.exec(text)?.[1] ?? Infinity) < shown();
const sources = new Set();

htmx.createEventSource = address => {
  const url = new URL(address, location.href);
  url.searchParams.set("since", shown());
  sources.forEach(old => old.close()); // one stream a page, whatever brought us here
  sources.clear();
  const source = new EventSource(url);
  sources.add(source);
  source.addEventListener("open", () => document.body.classList.remove("offline"));
  source.addEventListener("error", () => {
    if (!document.hidden) document.body.classList.add("offline");
  });
  return source;
};

// Answers and frames may overtake each other.
document.addEventListener("htmx:sseBeforeMessage", event => {
  if (isOlder(event.detail.data)) event.preventDefault();
});
document.addEventListener("htmx:beforeSwap", event => {
  if (isOlder(event.detail.serverResponse)) event.detail.shouldSwap = false;
});

// A tap that never reached the server is owned up to, not swallowed.
document.addEventListener("htmx:sendError", () => {
  const sentence = document.createElement("p");
  sentence.textContent = "No line: that tap did not count.";
  document.getElementById("answer").replaceChildren(sentence);
  document.body.classList.add("offline");
});

// A hidden page holds no stream. Coming back goes through the extension's own way of reconnecting.
const park = () => sources.forEach(source => source.close());
const wake = () => {
  for (const source of [...sources]) {
    if (source.readyState !== EventSource.CLOSED) continue;
    sources.delete(source);
    source.dispatchEvent(new Event("error"));
  }
};
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
