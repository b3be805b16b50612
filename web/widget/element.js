/** The custom element: its attributes, its events, and the flow from question to answer. */

import { Answering } from "./answering.js";
import { Composer } from "./composer.js";
import { isUnfinished, newTurn } from "./conversation.js";
import { Letter } from "./letter.js";
import { Announcer, frame, launcher, scrollToLast, transcript, welcome } from "./frame.js";
import { Panel } from "./panel.js";
import { mirror, upgrade } from "./properties.js";
import { Store } from "./storage.js";
import { Services } from "./services.js";
import { sheet } from "./styles.js";
import { texts } from "./texts.js";
import { TurnView } from "./turn.js";

const BUILT = ["mode", "heading", "intro", "questions", "contact", "language"];
const ATTRIBUTES = [...BUILT, "endpoint", "factsheet", "site", "theme"];

export class KompasChat extends HTMLElement {
  static observedAttributes = [...BUILT, "open"];

  /** Where the script came from: the default of `endpoint`. */
  static origin = new URL("..", import.meta.url).href;

  /** The host of the language model that questions go to, when that is outside the server's organisation. */
  static outside = "";

  #services = new Services(this, KompasChat.origin);
  #turns = [];
  #cleared = [];
  #views = new Map();
  #store = null;
  #answering = new Answering(this.#host());
  #frame = null;
  #panel = null;
  #transcript = null;
  #composer = null;
  #letter = null;
  #announcer = null;
  #page = null;
  #stale = false;

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
    upgrade(this, [...ATTRIBUTES, "open"]);
    this.#page = new AbortController();
    this.#store = new Store(this.site, this.factsheet, this.id);
    const kept = this.#store.load();
    this.#turns = kept.turns;
    this.toggleAttribute("open", this.open || (kept.open && this.#isLauncher));
    window.addEventListener("pagehide", () => this.#save(), { signal: this.#page.signal });
    this.#build();
  }

  disconnectedCallback() {
    this.#save();
    this.#answering.drop();
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
    if (name === "open") this.#move();
    else this.#rebuild();
  }

  /** Ask a question as if the visitor typed it; false while an answer is on its way. */
  ask(question) {
    const text = String(question).trim();
    if (this.#answering.busy || !text || !this.#frame) return false;
    if (this.#isLauncher) this.open = true;
    this.#letter.close();
    this.#begin(text);
    return true;
  }

  /** Stop the answer that is on its way; what was shown stays. */
  stop() {
    this.#answering.stop();
  }

  /** Begin a new conversation; the visitor can put the old one back. */
  reset() {
    if (!this.#frame) return;
    this.#answering.drop();
    if (this.#turns.length) this.#cleared = this.#turns;
    this.#show([]);
    this.#announcer.say(texts.cleared);
  }

  get #isLauncher() {
    return this.mode === "launcher";
  }

  /** Not while an answer arrives: it would lose its place. */
  #rebuild() {
    this.#stale = this.#answering.busy;
    if (!this.#stale) this.#build();
  }

  #build() {
    this.#announcer?.stop();
    this.#announcer = new Announcer();
    this.#transcript = transcript();
    this.#composer = new Composer({ onAsk: (question) => this.#begin(question), onStop: () => this.stop() });
    this.#composer.busy = false;
    this.#letter = new Letter({
      send: (letter) => this.#services.suggest(letter),
      say: (text) => this.#announcer.say(text),
      closed: () => this.#frame.querySelector(".suggest").focus(),
    });
    const { heading, contact, language } = this;
    this.#frame = frame(this.#parts(), {
      mode: this.#isLauncher ? "launcher" : "inline",
      heading,
      contact,
      language,
      outside: KompasChat.outside,
      onFresh: () => this.#startAfresh(),
      onClose: () => (this.open = false),
      onSuggest: () => this.#letter.open(),
    });
    this.shadowRoot.replaceChildren(this.#frame);
    this.#panel = this.#isLauncher ? this.#buildPanel() : null;
    this.#show(this.#turns);
    scrollToLast(this.#transcript, this.#answering.busy);
  }

  #parts() {
    const [composer, letter, announcer] = [this.#composer, this.#letter, this.#announcer].map(({ node }) => node);
    return { transcript: this.#transcript, composer, letter, announcer };
  }

  #buildPanel() {
    const opener = launcher(() => (this.open = !this.open));
    this.shadowRoot.prepend(opener);
    const panel = new Panel(this.#frame, opener, () => this.#composer.focus());
    if (panel.covers) this.open = false; // a new page on a phone begins with the page
    const ifOpen = (act) => () => panel === this.#panel && this.open && act();
    panel.watch({
      changed: ifOpen(() => panel.move(true)),
      escaped: ifOpen(() => (this.open = false)),
      signal: this.#page.signal,
    });
    panel.show(this.open);
    return panel;
  }

  #show(turns) {
    this.#turns = turns;
    for (const view of this.#views.values()) view.remove();
    this.#views.clear();
    this.#transcript.replaceChildren(
      ...(turns.length ? turns.map((turn) => this.#addView(turn).node) : [this.#welcome()]),
    );
    this.#save();
  }

  #welcome() {
    const own = this.questions.split("|").map((one) => one.trim());
    const questions = own.filter(Boolean);
    return welcome({
      intro: this.intro,
      questions: questions.length ? questions : texts.starters,
      ask: (question) => this.#askFromButton(question),
      restore: this.#cleared.length ? () => this.#restore() : null,
    });
  }

  #addView(turn) {
    const view = new TurnView(turn, {
      outside: KompasChat.outside,
      ask: (question) => this.#askFromButton(question),
      retry: () => this.#retry(),
      edit: (question) => this.#composer.edit(question),
      fresh: () => this.#startAfresh(),
      copy: (one) => this.#copy(one),
      opened: ({ number, item_id, title, url }) => this.#emit("citation", { number, item_id, title, url }),
      ready: (one) => one === this.#turns.at(-1) && this.#announcer.say(texts.again),
      titles: (ids) => this.#services.titles(ids),
      rate: (...judgement) => this.#services.rate(...judgement),
      rated: (one, rating) => this.#rated(one, rating),
      say: (text) => this.#announcer.say(text),
    });
    this.#views.set(turn, view);
    return view;
  }

  #rated(turn, rating) {
    turn.rating = rating;
    this.#save();
  }

  #startAfresh() {
    this.#letter.close();
    this.reset();
    this.#composer.focus();
  }

  #restore() {
    this.#show(this.#cleared);
    scrollToLast(this.#transcript, this.#answering.busy);
    this.#cleared = [];
    this.#announcer.say(texts.restored);
    this.#composer.focus();
  }

  /** The button that was pressed goes away with the question: the focus moves on to the question. */
  #askFromButton(question) {
    if (this.#answering.busy) return;
    this.#begin(question);
    this.#views.get(this.#turns.at(-1)).question.focus({ preventScroll: true });
  }

  #begin(question) {
    const turn = newTurn(question);
    const before = [...this.#turns];
    if (!before.length) this.#transcript.replaceChildren();
    this.#turns.push(turn);
    this.#transcript.append(this.#addView(turn).node);
    this.#composer.clear();
    if (matchMedia("(pointer: coarse)").matches) this.#views.get(turn).question.focus({ preventScroll: true });
    this.#emit("question", { question });
    this.#answering.run(turn, before);
    scrollToLast(this.#transcript, this.#answering.busy);
  }

  #retry() {
    if (this.#answering.busy) return;
    const turn = this.#turns.at(-1);
    const view = this.#views.get(turn);
    const isBroken = turn.answer && isUnfinished(turn.answer, turn.state);
    Object.assign(turn, { answer: isBroken ? turn.answer : null, state: "busy", failure: null, rating: null });
    if (isBroken) view.resume();
    else view.update();
    view.question.focus({ preventScroll: true });
    this.#answering.run(turn, this.#turns.slice(0, -1));
    scrollToLast(this.#transcript, this.#answering.busy);
  }

  /** What the answering needs of the widget. */
  #host() {
    return {
      url: () => this.#services.url("v1/chat"),
      headers: () => this.#services.headers(),
      factsheet: () => this.factsheet,
      view: (turn) => this.#views.get(turn),
      busy: (isBusy) => (this.#composer.busy = isBusy),
      say: (text) => this.#announcer.say(text),
      emit: (name, detail) => this.#emit(name, detail),
      ended: () => this.#ended(),
    };
  }

  #ended() {
    this.#save();
    if (this.#stale) this.#rebuild();
  }

  async #copy(turn) {
    const isCopied = await this.#services.copy(turn);
    this.#announcer.say(isCopied ? texts.copied : texts.copyFailed);
    return isCopied;
  }

  /** The panel was opened or closed by the visitor or the page. */
  #move() {
    this.#panel?.move(this.open);
    if (this.open) scrollToLast(this.#transcript, this.#answering.busy);
    this.#save();
  }

  #emit(name, detail) {
    const { site, factsheet } = this;
    this.dispatchEvent(
      new CustomEvent(`kompas-${name}`, { detail: { ...detail, site, factsheet }, bubbles: true, composed: true }),
    );
  }

  #save() {
    this.#store?.save(this.#turns, this.open);
  }
}

mirror(KompasChat, ATTRIBUTES);
