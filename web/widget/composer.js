/** The box to type a question in, with its buttons. It stays usable while an answer arrives: nothing is disabled. */

import { el, icon } from "./dom.js";
import { MOST_QUESTION, lengthOf } from "./conversation.js";
import { texts } from "./texts.js";

const COUNT_FROM = MOST_QUESTION - 300;

export class Composer {
  #box;
  #send;
  #stop;
  #hint;
  #busy = false;
  #onAsk;

  /** `onAsk(question)` is called with a usable question, `onStop()` when the visitor stops the answer. */
  constructor({ onAsk, onStop }) {
    this.#onAsk = onAsk;
    this.#box = el("textarea", {
      id: "question",
      rows: "1",
      placeholder: texts.placeholder,
      "aria-describedby": "hint keys",
      enterkeyhint: "send",
      autocomplete: "off",
      on: { keydown: (event) => this.#onKey(event), input: () => this.#onInput() },
    });
    this.#hint = el("p", { id: "hint", class: "hint" });
    this.#send = el(
      "button",
      { type: "submit", class: "send", "aria-label": texts.send, title: texts.send },
      icon("send"),
    );
    this.#stop = el(
      "button",
      {
        type: "button",
        class: "pill stop",
        "aria-label": texts.stopLabel,
        hidden: true,
        on: { click: () => this.#onStop(onStop) },
      },
      icon("stop"),
      el("span", {}, texts.stop),
    );
    this.node = el(
      "form",
      { class: "composer", on: { submit: (event) => this.#onSubmit(event) } },
      el("label", { for: "question", class: "vh" }, texts.question),
      el(
        "div",
        { class: "box", on: { click: (event) => event.target === event.currentTarget && this.focus() } },
        this.#box,
        this.#stop,
        this.#send,
      ),
      this.#hint,
      el("p", { id: "keys", class: "vh" }, texts.keys),
    );
  }

  /** While busy, sending is announced as not possible and Stop is there. */
  set busy(busy) {
    const hadFocus = this.#stop.matches(":focus");
    this.#busy = busy;
    this.#send.setAttribute("aria-disabled", String(busy));
    this.#stop.hidden = !busy;
    if (!busy) this.#say("");
    if (hadFocus && !busy) this.focus();
  }

  /** Put a question in the box to change it. */
  edit(question) {
    this.#box.value = question;
    this.#onInput();
    this.focus();
    this.#box.setSelectionRange(question.length, question.length);
  }

  /** Empty the box and forget its remarks. */
  clear() {
    this.#box.value = "";
    this.#onInput();
  }

  focus() {
    this.#box.focus();
  }

  #onStop(onStop) {
    this.focus();
    onStop();
  }

  #onKey(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.node.requestSubmit();
  }

  #onSubmit(event) {
    event.preventDefault();
    const question = this.#box.value.trim();
    const problem = this.#problem(question);
    this.#say(problem, Boolean(problem) && !this.#busy);
    if (problem) this.focus();
    else this.#onAsk(question);
  }

  #problem(question) {
    if (this.#busy) return texts.wait;
    if (!question) return texts.empty;
    const length = lengthOf(question);
    return length > MOST_QUESTION ? texts.tooLong(length, MOST_QUESTION) : "";
  }

  #onInput() {
    const length = lengthOf(this.#box.value.trim());
    if (length > MOST_QUESTION) this.#say(texts.tooLong(length, MOST_QUESTION), true);
    else this.#say(length > COUNT_FROM ? texts.count(length, MOST_QUESTION) : "");
    if (!CSS.supports("field-sizing", "content")) this.#grow();
  }

  #say(text, isWrong = false) {
    this.#hint.textContent = text;
    this.#hint.classList.toggle("wrong", isWrong);
    if (isWrong) this.#box.setAttribute("aria-invalid", "true");
    else this.#box.removeAttribute("aria-invalid");
  }

  #grow() {
    this.#box.style.height = "auto";
    this.#box.style.height = `${this.#box.scrollHeight}px`;
  }
}
