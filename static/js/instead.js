// The event stream in the place of a socket that does not open.
const AGAIN_MS = 1500;

export const listen = place => {
  const extension = document.createElement("script");
  extension.src = new URL("../vendor/htmx-ext-sse.min.js", import.meta.url);
  extension.addEventListener("load", () => {
    const { pathname, search } = new URL(place.getAttribute("ws-connect"), location.href);
    const stream = document.createElement("div");
    stream.hidden = true;
    const says = { "hx-ext": "sse", "sse-connect": pathname.replace(/socket$/, "events") + search, "sse-swap": "table", "hx-swap": "none" };
    for (const [name, value] of Object.entries(says)) stream.setAttribute(name, value);
    document.body.append(stream);
    htmx.process(stream);
  });
  extension.addEventListener("error", () => {
    extension.remove();
    setTimeout(() => listen(place), AGAIN_MS);
  });
  document.head.append(extension);
};
