/** "Doe een suggestie": a sheet over the conversation with a form for additions to the factsheet. */

import { MOST_QUESTION } from "./conversation.js";
import { el, icon } from "./dom.js";
import { texts } from "./texts.js";

export class Letter {
  #send;
  #say;
  #closed;
  #text = el("textarea", {
    id: "suggestion",
    rows: "5",
    required: true,
    maxlength: String(MOST_QUESTION),
    autocomplete: "off",
    "aria-describedby": "letter-trouble",
  });
  #contact = el("input", { id: "contact", type: "text", maxlength: "200", autocomplete: "email" });
  #trouble = el("p", { id: "letter-trouble", class: "hint wrong" });
  #body = el("div", { class: "sheet" });

  /** `send({text, contact})` resolves to "" or to what went wrong; `closed()` after the visitor is done. */
  constructor({ send, say, closed }) {
    this.#send = send;
    this.#say = say;
    this.#closed = closed;
    this.node = el(
      "section",
      {
        class: "letter",
        "aria-labelledby": "letter-heading",
        hidden: true,
        on: { keydown: (event) => this.#onKey(event) },
      },
      this.#body,
    );
  }

  get isOpen() {
    return !this.node.hidden;
  }

  open() {
    this.#trouble.textContent = "";
    this.#text.removeAttribute("aria-invalid");
    this.#body.replaceChildren(this.#form());
    this.node.hidden = false;
    this.#text.focus();
  }

  close() {
    if (!this.isOpen) return;
    this.node.hidden = true;
    this.#closed();
  }

  #form() {
    return el(
      "form",
      { novalidate: true, on: { submit: (event) => this.#onSubmit(event) } },
      el("h3", { id: "letter-heading" }, texts.suggest),
      el("p", {}, texts.suggestIntro),
      el("label", { for: "suggestion" }, texts.suggestion),
      this.#text,
      this.#trouble,
      el("label", { for: "contact" }, texts.suggestContact),
      this.#contact,
      el("div", { class: "row" }, el("button", { class: "pill main" }, texts.sendSuggestion), this.#back()),
    );
  }

  #back() {
    return el("button", { type: "button", class: "quiet", on: { click: () => this.close() } }, texts.backToChat);
  }

  async #onSubmit(event) {
    event.preventDefault();
    const text = this.#text.value.trim();
    if (!text) return this.#wrong(texts.emptySuggestion);
    const why = await this.#send({ text, contact: this.#contact.value.trim() });
    return why ? this.#wrong(why) : this.#thank();
  }

  #wrong(why) {
    this.#trouble.textContent = why;
    this.#text.setAttribute("aria-invalid", String(!this.#text.value.trim()));
    this.#say(why);
    this.#text.focus();
  }

  #thank() {
    this.#text.value = this.#contact.value = "";
    const back = this.#back();
    back.className = "pill";
    this.#body.replaceChildren(
      el("h3", { id: "letter-heading" }, icon("check"), texts.suggestThanks),
      el("p", {}, texts.suggestKept),
      back,
    );
    back.focus();
    this.#say(`${texts.suggestThanks} ${texts.suggestKept}`);
  }

  #onKey(event) {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    this.close();
  }
}
