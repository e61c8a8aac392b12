// <form-presets>: buttons that fill the form they stand in, in place of asking the server for it
// filled. Which one is pressed follows from what the fields hold, however it came there.
class FormPresets extends HTMLElement {
  connectedCallback() {
    this.form = this.closest("form");
    this.addEventListener("click", event => this.press(event));
    this.form.addEventListener("input", () => this.show());
    this.form.addEventListener("presets", () => this.show());
    this.show();
  }

  get buttons() {
    return [...this.querySelectorAll("button")];
  }

  press(event) {
    const button = event.target.closest("button");
    if (!button) return;
    event.preventDefault();
    for (const [name, text] of Object.entries(JSON.parse(button.dataset.fills))) {
      for (const field of this.form.querySelectorAll(`[name="${name}"]`)) {
        if (field.type === "radio") field.checked = field.value === text;
        else if (field.type === "checkbox") field.checked = text === "yes";
        else if (field.type !== "hidden") field.value = text;
      }
    }
    this.form.dispatchEvent(new Event("presets"));
  }

  show() {
    const typed = Object.fromEntries(new FormData(this.form)); // of two the last: a box after its no
    for (const button of this.buttons) {
      const fills = Object.entries(JSON.parse(button.dataset.fills));
      button.setAttribute("aria-pressed", fills.every(([name, text]) => typed[name] === text));
    }
  }
}
customElements.define("form-presets", FormPresets);
