// A sheet that asked one thing is done once the answer was taken: it goes away by itself. Without
// this the pause would open under its own question, and the end of the game under the host's sheet.
const LAST_WORD = ".sheet.short form, .sheet form:is([action$='/finish'], [action$='/reset'], [action$='/concede'])";

document.addEventListener("htmx:afterRequest", event => {
  if (event.detail.successful && event.target.matches(LAST_WORD)) location.replace("#");
});
