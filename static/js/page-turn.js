// <page-turn>: who I am at this table has changed, so the page is painted again.
const KEY = "page-turned";
const SOON_MS = 1000;

class PageTurn extends HTMLElement {
  connectedCallback() {
    const turned = Number(sessionStorage.getItem(KEY) ?? 0);
    const wait = Math.max(0, turned + SOON_MS - Date.now()); // never faster than once a second
    setTimeout(() => {
      sessionStorage.setItem(KEY, Date.now());
      // What that sheet asked is answered; painted again, it would stand open once more.
      if (document.querySelector(".sheet:is(.short, #you):target")) history.replaceState(null, "", location.pathname + location.search);
      location.reload();
    }, wait);
  }
}
customElements.define("page-turn", PageTurn);
