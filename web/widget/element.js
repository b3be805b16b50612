/** The custom element: its attributes, its events, and the flow from question to answer. */

import { Composer } from "./composer.js";
import { Draft, answerText, copyText, newTurn, requestBody } from "./conversation.js";
import { Announcer, frame, launcher, transcript, welcome } from "./frame.js";
import { Store } from "./storage.js";
import { Failure, ask } from "./stream.js";
import { sheet } from "./styles.js";
import { texts } from "./texts.js";
import { TurnView } from "./turn.js";

const ORIGIN = new URL("..", import.meta.url).href;
const ATTRIBUTES = ["endpoint", "mode", "factsheet", "heading", "intro", "questions", "contact", "site", "theme"];
const EDGE = 16; // px above the last question
const SLOW = 8_000; // ms without news until we say that it takes long
const PHONE = "(max-width: 40rem), (max-height: 30rem)";

export class KompasChat extends HTMLElement {
  static observedAttributes = [...ATTRIBUTES.filter((name) => name !== "theme"), "open"];

  #turns = [];
  #cleared = [];
  #views = new Map();
  #store = null;
  #running = null;
  #frame = null;
  #launcher = null;
  #transcript = null;
  #composer = null;
  #announcer = null;
  #page = null;

  constructor() {
    super();
    this.attachShadow({ mode: "open" }).adoptedStyleSheets = [sheet];
  }

  get open() {
    return this.hasAttribute("open");
  }

  set open(open) {
    this.toggleAttribute("open", Boolean(open));
  }

  connectedCallback() {
    for (const name of [...ATTRIBUTES, "open"]) this.#upgrade(name);
    this.#page = new AbortController();
    this.#store = new Store(this.site, this.factsheet, this.id);
    const kept = this.#store.load();
    this.#turns = kept.turns;
    if (kept.open && this.#isLauncher) this.open = true;
    window.addEventListener("pagehide", () => this.#save(), { signal: this.#page.signal });
    document.addEventListener("keydown", (event) => this.#onKey(event), { signal: this.#page.signal });
    matchMedia(PHONE).addEventListener("change", () => this.#reopen(), { signal: this.#page.signal });
    this.#build();
  }

  disconnectedCallback() {
    this.#save();
    this.stop();
    this.#page.abort();
    this.#store.release();
    this.#announcer.stop();
    for (const view of this.#views.values()) view.remove();
    this.#views.clear();
    this.shadowRoot.replaceChildren();
    this.#frame = null;
  }

  attributeChangedCallback(name, before, now) {
    if (!this.#frame || before === now) return;
    if (name === "open") this.#showPanel(true);
    else if (name !== "endpoint" && name !== "site" && !this.#running) this.#build();
  }

  /** Ask a question as if the visitor typed it; false while an answer is on its way. */
  ask(question) {
    const text = String(question).trim();
    if (this.#running || !text || !this.#frame) return false;
    if (this.#isLauncher) this.open = true;
    this.#begin(text);
    return true;
  }

  /** Stop the answer that is on its way; what was shown stays. */
  stop() {
    this.#running?.abort(new Failure("stopped"));
  }

  /** Begin a new conversation; the visitor can put the old one back. */
  reset() {
    this.stop();
    if (this.#turns.length) this.#cleared = this.#turns;
    this.#show([]);
    this.#announcer?.say(texts.cleared);
  }

  get #isLauncher() {
    return this.mode === "launcher";
  }

  /** A property that was set before the element was defined would hide the accessor. */
  #upgrade(name) {
    if (!Object.hasOwn(this, name)) return;
    const value = this[name];
    delete this[name];
    this[name] = value;
  }

  #build() {
    this.#announcer = new Announcer();
    this.#transcript = transcript();
    this.#composer = new Composer({ onAsk: (question) => this.#begin(question), onStop: () => this.stop() });
    this.#composer.busy = false;
    const parts = { transcript: this.#transcript, composer: this.#composer.node, announcer: this.#announcer.node };
    this.#frame = frame(parts, {
      mode: this.#isLauncher ? "launcher" : "inline",
      heading: this.heading,
      contact: this.contact,
      onFresh: () => this.#startAfresh(),
      onClose: () => this.#close(),
    });
    this.#launcher = this.#isLauncher ? launcher(() => (this.open = !this.open)) : null;
    this.#frame.addEventListener("cancel", (event) => event.preventDefault());
    this.shadowRoot.replaceChildren(...[this.#launcher, this.#frame].filter(Boolean));
    this.#show(this.#turns);
    this.#showPanel(false);
    this.#scrollToLast();
  }

  // ---- The conversation on the page

  #show(turns) {
    this.#turns = turns;
    for (const view of this.#views.values()) view.remove();
    this.#views.clear();
    this.#transcript.replaceChildren(...(turns.length ? turns.map((turn) => this.#addView(turn).node) : [this.#welcome()]));
    this.#save();
  }

  #welcome() {
    const own = this.questions.split("|").map((one) => one.trim()).filter(Boolean);
    return welcome({
      intro: this.intro,
      questions: own.length ? own : texts.starters,
      ask: (question) => this.#askFromButton(question),
      restore: this.#cleared.length ? () => this.#restore() : null,
    });
  }

  #addView(turn) {
    const view = new TurnView(turn, {
      ask: (question) => this.#askFromButton(question),
      retry: () => this.#retry(),
      edit: (question) => this.#composer.edit(question),
      fresh: () => this.#startAfresh(),
      copy: (one) => this.#copy(one),
      opened: ({ number, item_id, title, url }) => this.#emit("citation", { number, item_id, title, url }),
      ready: () => this.#announcer.say(texts.again),
    });
    this.#views.set(turn, view);
    return view;
  }

  #startAfresh() {
    this.reset();
    this.#composer.focus();
  }

  #restore() {
    this.#show(this.#cleared);
    this.#scrollToLast();
    this.#cleared = [];
    this.#announcer.say(texts.restored);
    this.#composer.focus();
  }

  /** The button that was pressed goes away with the question: the focus moves on to the question. */
  #askFromButton(question) {
    if (this.#running) return;
    this.#begin(question);
    this.#views.get(this.#turns.at(-1)).question.focus({ preventScroll: true });
  }

  // ---- From question to answer

  #begin(question) {
    const turn = newTurn(question);
    const before = [...this.#turns];
    if (!before.length) this.#transcript.replaceChildren();
    this.#turns.push(turn);
    this.#transcript.append(this.#addView(turn).node);
    this.#composer.clear();
    if (matchMedia("(pointer: coarse)").matches) this.#views.get(turn).question.focus({ preventScroll: true });
    this.#emit("question", { question });
    this.#run(turn, before);
  }

  #retry() {
    if (this.#running) return;
    const turn = this.#turns.at(-1);
    Object.assign(turn, { answer: null, state: "busy", failure: null });
    this.#views.get(turn).update();
    this.#views.get(turn).question.focus({ preventScroll: true });
    this.#run(turn, this.#turns.slice(0, -1));
  }

  /** The steps of one answer: ask, show what arrives, close well or not. */
  async #run(turn, before) {
    const controller = new AbortController();
    this.#running = controller;
    this.#composer.busy = true;
    this.#scrollToLast();
    this.#announcer.say(texts.busy);
    const draft = new Draft();
    try {
      await this.#receive(turn, draft, requestBody(before, turn.question, this.factsheet), controller);
      this.#finished(turn);
    } catch (failure) {
      this.#failed(turn, failure instanceof Failure ? failure : new Failure("broken"));
      if (!(failure instanceof Failure)) console.error(failure);
    }
    if (this.#running === controller) this.#running = null;
    this.#composer.busy = false;
    this.#save();
  }

  async #receive(turn, draft, body, controller) {
    const view = this.#views.get(turn);
    let timer = setTimeout(() => this.#tellSlow(view), SLOW);
    try {
      for await (const event of ask(this.#url("v1/chat"), body, controller)) {
        const [what, value] = draft.take(event) ?? [];
        turn.answer = draft.answer;
        if (what === "sentence") {
          clearTimeout(timer);
          timer = setTimeout(() => view.slow(), SLOW);
          view.say(value, turn.answer.citations);
        }
        if (what === "done") return;
      }
    } finally {
      clearTimeout(timer);
    }
    throw new Failure("broken");
  }

  #tellSlow(view) {
    view.slow();
    this.#announcer.say(texts.slow);
  }

  #finished(turn) {
    const view = this.#views.get(turn);
    turn.state = "done";
    if (view?.shows(turn.answer)) view.settle();
    else view?.update();
    const { id, status, complete, citations } = turn.answer;
    const answer = answerText(turn.answer);
    this.#announcer.say([texts.ready, complete ? "" : texts.unfinished, this.#spoken(turn)].filter(Boolean).join(" "));
    this.#emit("answer", { id, status, complete, answer, citations });
  }

  #failed(turn, failure) {
    const { kind, status, text, wait } = failure;
    const isStopped = kind === "stopped";
    turn.state = isStopped ? "stopped" : "failed";
    turn.failure = isStopped ? null : { kind, text, wait };
    this.#views.get(turn)?.settle();
    const message = isStopped ? texts.stopped : text || texts.failures[kind];
    const countdown = wait ? texts.countdown(wait) : "";
    this.#announcer.say([turn.answer ? texts.unfinished : "", message, countdown, turn.answer ? this.#spoken(turn) : ""].filter(Boolean).join(" "));
    if (!isStopped) this.#emit("error", { kind, status, message });
  }

  /** The answer as it is read aloud: without the numbers of sources. */
  #spoken(turn) {
    return answerText(turn.answer).replace(/\s*\[\d{1,3}\]/g, "");
  }

  async #copy(turn) {
    try {
      await navigator.clipboard.writeText(copyText(turn));
      this.#announcer.say(texts.copied);
      return true;
    } catch {
      this.#announcer.say(texts.copyFailed);
      return false;
    }
  }

  // ---- Panel and small things

  #close() {
    this.open = false;
  }

  #onKey(event) {
    if (event.key !== "Escape" || event.defaultPrevented || !this.#isLauncher || !this.open) return;
    event.preventDefault();
    this.#close();
  }

  /** Show or hide the panel by `open`; `moved` says whether the visitor (or the page) just changed it. */
  #showPanel(moved) {
    if (!this.#launcher) return;
    this.#launcher.setAttribute("aria-expanded", String(this.open));
    this.#launcher.classList.toggle("away", this.open);
    if (!this.open) this.#frame.close();
    else if (matchMedia(PHONE).matches && moved) this.#frame.showModal();
    else if (matchMedia(PHONE).matches) this.open = false; // a new page on a phone begins with the page
    else this.#frame.setAttribute("open", "");
    if (moved && this.open) this.#scrollToLast();
    if (moved && this.open) this.#composer.focus();
    if (moved && !this.open) this.#launcher.focus();
    if (moved) this.#save();
  }

  #reopen() {
    if (!this.#isLauncher || !this.open) return;
    this.#frame.close();
    this.#showPanel(true);
  }

  /** Bring the last question to the top, so that its answer is read from the beginning. */
  #scrollToLast() {
    const last = this.#transcript.lastElementChild.getBoundingClientRect().top;
    this.#transcript.scrollTop += last - this.#transcript.getBoundingClientRect().top - EDGE;
  }

  #url(path) {
    const base = new URL(this.endpoint || ORIGIN, document.baseURI).href;
    return `${base.replace(/\/+$/, "")}/${path}`;
  }

  #emit(name, detail) {
    const { site, factsheet } = this;
    this.dispatchEvent(new CustomEvent(`kompas-${name}`, { detail: { ...detail, site, factsheet }, bubbles: true, composed: true }));
  }

  #save() {
    this.#store?.save(this.#turns, this.open);
  }
}

for (const name of ATTRIBUTES) {
  Object.defineProperty(KompasChat.prototype, name, {
    configurable: true,
    enumerable: true,
    get() {
      return this.getAttribute(name) ?? "";
    },
    set(value) {
      if (value === null || value === undefined) this.removeAttribute(name);
      else this.setAttribute(name, String(value));
    },
  });
}
