// Printing needs a hand that a page without scripts has anyway: the browser's own. With scripts there is a button for it.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
