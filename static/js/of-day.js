// <of-day>: an instant as the time of day where the reader is; the server only knows its own.
class OfDay extends HTMLElement {
  connectedCallback() {
    const instant = new Date(Number(this.dataset.at));
    if (Number.isNaN(instant.getTime())) return;
    const date = this.hasAttribute("data-date") ? { day: "numeric", month: "short" } : {};
    this.textContent = instant.toLocaleString([], { ...date, hour: "2-digit", minute: "2-digit" });
  }
}
customElements.define("of-day", OfDay);
