// The stream of this page. Loaded after the SSE extension, before it begins.
import { found, lost, parking, shown } from "./line.js";

const sources = new Set();
let again = false;

htmx.createEventSource = address => {
  const url = new URL(address, location.href);
  url.searchParams.set("since", shown());
  if (again) url.searchParams.set("again", "");
  again = true;
  sources.forEach(old => old.close()); // one stream a page, whatever brought us here
  sources.clear();
  const source = new EventSource(url);
  sources.add(source);
  source.addEventListener("open", found);
  source.addEventListener("error", lost);
  return source;
};

// Coming back goes through the extension's own way of reconnecting.
const park = () => sources.forEach(source => source.close());
const wake = () => {
  for (const source of [...sources]) {
    if (source.readyState !== EventSource.CLOSED) continue;
    sources.delete(source);
    source.dispatchEvent(new Event("error"));
  }
};
parking(park, wake);
