// <share-link>: the link inside is shared where phones can, copied elsewhere.
class ShareLink extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", event => {
      const link = event.target.closest("a");
      if (!link) return;
      event.preventDefault();
      this.share(link);
    });
  }

  async share(link) {
    try {
      if (navigator.share) {
        await navigator.share({ title: this.dataset.title, url: link.href });
      } else {
        await navigator.clipboard.writeText(link.href);
        this.say(link, this.dataset.copied);
      }
    } catch (error) {
      if (error.name !== "AbortError") location.assign(link.href); // plain http: no clipboard
    }
  }

  say(link, words) {
    const before = link.textContent;
    link.textContent = words;
    setTimeout(() => (link.textContent = before), 1500);
  }
}
customElements.define("share-link", ShareLink);
