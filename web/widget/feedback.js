/** The thumbs below an answer, and the remark that may follow. */

import { MOST_QUESTION } from "./conversation.js";
import { el, icon } from "./dom.js";
import { texts } from "./texts.js";

let forms = 0; // several stand on a page: each has ids of its own

/** `rate(rating, {remark, includeQuestion})` resolves to "" or to what went wrong; `say` speaks to screen readers. */
export class Feedback {
  #send;
  #last = Promise.resolve("");
  #say;
  #onRated;
  #rating;
  #thumbs;
  #below = el("div", { class: "remark" });

  constructor({ rating, rate, say, onRated }) {
    this.#send = rate;
    this.#say = say;
    this.#onRated = onRated;
    this.#rating = rating;
    this.#thumbs = { up: this.#thumb("up"), down: this.#thumb("down") };
    this.buttons = el(
      "div",
      { class: "thumbs", role: "group", "aria-label": texts.rate },
      el("span", { "aria-hidden": "true" }, texts.rate),
      this.#thumbs.up,
      this.#thumbs.down,
    );
    this.below = this.#below;
    this.#mark();
  }

  /** One after the other, so that what was sent last is what the server keeps. */
  #rate(...judgement) {
    this.#last = this.#last.then(() => this.#send(...judgement));
    return this.#last;
  }

  #thumb(rating) {
    const label = texts.thumbs[rating];
    return el(
      "button",
      {
        type: "button",
        class: "quiet round",
        "aria-label": label,
        title: label,
        on: { click: () => this.#press(rating) },
      },
      icon(rating),
    );
  }

  #mark() {
    for (const [rating, button] of Object.entries(this.#thumbs)) {
      button.setAttribute("aria-pressed", String(rating === this.#rating));
    }
  }

  async #press(rating) {
    this.#rating = rating;
    this.#mark();
    this.#below.replaceChildren(this.#form());
    this.#below.scrollIntoView({ block: "nearest" });
    const trouble = await this.#rate(rating);
    if (trouble) return this.#failed(trouble);
    this.#onRated(rating);
    this.#say(texts.rated);
    return undefined;
  }

  /** What was typed meanwhile stays: sending it sends the thumb too. */
  #failed(trouble) {
    if (this.#below.querySelector("textarea")?.value) return;
    this.#rating = null;
    this.#mark();
    this.#tell(trouble, "warning");
  }

  /** The thumb is sent already; this adds words to it. */
  #form() {
    forms += 1;
    const [words, tick] = [`remark-${forms}`, `include-${forms}`];
    const remark = el("textarea", { id: words, rows: "2", maxlength: String(MOST_QUESTION), autocomplete: "off" });
    const include = el("input", { type: "checkbox", id: tick });
    const trouble = el("p", { class: "hint wrong" });
    const send = async (event) => {
      event.preventDefault();
      const why = await this.#rate(this.#rating, { remark: remark.value.trim(), includeQuestion: include.checked });
      trouble.textContent = why;
      if (why) this.#say(why);
      else this.#thank();
    };
    return el(
      "form",
      { on: { submit: send } },
      el("label", { for: words }, texts.remark),
      remark,
      el("p", { class: "tick" }, include, el("label", { for: tick }, texts.includeQuestion)),
      trouble,
      el(
        "div",
        { class: "row" },
        el("button", { class: "pill" }, texts.sendRemark),
        el("button", { type: "button", class: "quiet", on: { click: () => this.#thank() } }, texts.noRemark),
      ),
    );
  }

  #thank() {
    this.#thumbs[this.#rating].focus();
    this.#tell(texts.thanks, "check");
  }

  #tell(text, name) {
    this.#below.replaceChildren(el("p", { class: "told" }, icon(name), text));
    this.#say(text);
  }
}
