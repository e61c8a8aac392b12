// <of-day>: an instant as the time of day where the reader is; the server only knows its own.
// Written as the page is: by the reader's own custom where that is of the page's language.
const { lang } = document.documentElement;
const locales = [...navigator.languages.filter(own => own.split("-")[0] === lang), lang];

class OfDay extends HTMLElement {
  connectedCallback() {
    const instant = new Date(Number(this.dataset.at));
    if (Number.isNaN(instant.getTime())) return;
    const date = this.hasAttribute("data-date") ? { day: "numeric", month: "short" } : {};
    this.textContent = instant.toLocaleString(locales, { ...date, hour: "2-digit", minute: "2-digit" });
  }
}
customElements.define("of-day", OfDay);
