// <code-cells>: six cells that show what is typed into the one real input before them; a whole code
// goes in by itself.
const LENGTH = 6;

class CodeCells extends HTMLElement {
  connectedCallback() {
    this.input = this.parentElement.querySelector("input");
    this.cells = Array.from({ length: LENGTH }, () => this.appendChild(document.createElement("span")));
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("paste", () => setTimeout(() => this.typed()));
    this.show();
  }

  get code() {
    return this.input.value.toUpperCase().replace(/[^A-Z0-9]/g, "").slice(0, LENGTH);
  }

  typed() {
    this.show();
    if (this.code.length === LENGTH) this.input.form.requestSubmit();
  }

  show() {
    const code = this.code;
    this.cells.forEach((cell, index) => {
      cell.textContent = code[index] ?? "";
      cell.classList.toggle("here", index === Math.min(code.length, LENGTH - 1));
    });
  }
}
customElements.define("code-cells", CodeCells);
