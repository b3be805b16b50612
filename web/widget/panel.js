/** The launcher's panel: a dialog that covers a phone's screen (modal) and stands in a corner elsewhere. */

const PHONE = "(max-width: 40rem), (max-height: 30rem)";

export class Panel {
  #dialog;
  #opener;
  #focusFirst;
  #phone = matchMedia(PHONE);

  /** `focusFirst()` puts the focus in the panel that was just opened. */
  constructor(dialog, opener, focusFirst) {
    this.#dialog = dialog;
    this.#opener = opener;
    this.#focusFirst = focusFirst;
    dialog.addEventListener("cancel", (event) => event.preventDefault()); // the element closes it, for all ways alike
  }

  /** Until `signal`: call `changed` when the screen changes between phone and not, `escaped` at the Escape key. */
  watch({ changed, escaped, signal }) {
    const onKey = (event) => {
      if (event.key !== "Escape" || event.defaultPrevented || !this.#dialog.open) return;
      event.preventDefault();
      escaped();
    };
    this.#phone.addEventListener("change", changed, { signal });
    document.addEventListener("keydown", onKey, { signal });
  }

  /** Whether an open panel would hide the page. */
  get covers() {
    return this.#phone.matches;
  }

  /** The visitor opened or closed the panel: the focus goes along. */
  move(open) {
    this.show(open);
    if (open) this.#focusFirst();
    else this.#opener.focus();
  }

  /** Open or close without touching the focus (a modal dialog takes it anyway). */
  show(open) {
    this.#opener.setAttribute("aria-expanded", String(open));
    this.#opener.classList.toggle("away", open);
    this.#dialog.close();
    if (open && this.covers) this.#dialog.showModal();
    else if (open) this.#dialog.setAttribute("open", "");
  }
}
