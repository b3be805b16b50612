/** What the widget asks of the server besides answers: titles of items, feedback, suggestions. */

import { copyText } from "./conversation.js";
import { Failure, fetchTitle, post } from "./stream.js";
import { texts } from "./texts.js";

const encoded = (id) => id.split("/").map(encodeURIComponent).join("/");

export class Services {
  #element;
  #origin;

  /** `element` is the widget, of which the attributes are read when they are needed; `origin` where it came from. */
  constructor(element, origin) {
    this.#element = element;
    this.#origin = origin;
  }

  /** The address of the interface's `path`. */
  url(path) {
    const base = new URL(this.#element.endpoint || this.#origin, document.baseURI).href;
    return `${base.replace(/\/+$/, "")}/${path}`;
  }

  /** Headers that say which site asks; empty for a page without a site's name. */
  headers() {
    const { site } = this.#element;
    return /^[\w.-]{1,64}$/.test(site) ? { "X-Kompas-Site": site } : {};
  }

  /** Titles of items; those that can't be had are left out. */
  async titles(ids) {
    const known = await Promise.all(ids.map((id) => fetchTitle(this.url(`v1/items/${encoded(id)}`))));
    return known.filter(Boolean);
  }

  /** Send a judgement of an answer; resolves to "" or to why it was not kept. The question goes along only if asked. */
  rate({ question, answer }, rating, { remark = "", includeQuestion = false } = {}) {
    return this.#send("v1/feedback", {
      answer_id: answer.id,
      rating,
      remark: remark || null,
      include_question: includeQuestion,
      ...(includeQuestion ? { question } : {}),
    });
  }

  /** Send a suggestion for the factsheet; resolves to "" or to why it was not kept. */
  suggest({ text, contact }) {
    return this.#send("v1/suggestions", { text, contact: contact || null, factsheet: this.#element.factsheet || null });
  }

  /** Put a turn with its sources on the clipboard; resolves to whether that went well. */
  async copy(turn) {
    try {
      await navigator.clipboard.writeText(copyText(turn));
      return true;
    } catch {
      return false;
    }
  }

  async #send(path, body) {
    try {
      await post(this.url(path), JSON.stringify(body), this.headers());
      return "";
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return error.text || texts.failures[error.kind];
    }
  }
}
