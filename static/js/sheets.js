// A sheet that asked one thing is done once the answer was taken: it goes away by itself. Without
// this the pause would open under its own question, and the end of the game under the host's sheet.
const ONE_QUESTION = ".sheet.short form";
const ASKED = ".asking button";
const LAST_WORDS = [ONE_QUESTION, ASKED, ...["finish", "reset", "concede", "leave-seat"].map(word => `.sheet form[action$="/${word}"]`)].join();

document.addEventListener("htmx:beforeOnLoad", event => {
  const answer = event.detail.xhr;
  if (answer.status >= 300 || !location.hash || !event.target.matches(LAST_WORDS)) return;
  if (answer.getResponseHeader("HX-Refresh")) history.replaceState(null, "", location.pathname + location.search);
  else location.replace("#");
});
