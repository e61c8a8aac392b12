// What lets htmx hear the event stream, which is channel.js's, in one request.
import "./without.js";
import "../vendor/htmx-ext-sse.min.js";
