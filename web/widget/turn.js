/** Shows one turn: the question, the answer as it arrives, what went wrong, and what can be done next. */

import { el, hidden, icon } from "./dom.js";
import { isUnfinished, ourWords } from "./conversation.js";
import { Feedback } from "./feedback.js";
import { action, choices } from "./parts.js";
import { sentenceNodes, sourceCard, sourceList } from "./sources.js";
import { texts } from "./texts.js";

/**
 * `actions` are the widget's: `ask(text)`, `retry()`, `edit(question)`, `fresh()`, `copy(turn)` (resolves to success)
 * `opened(citation)`, `ready(turn)` when a limit is over, `titles(ids)` (resolves to titles of items), `rate(turn, …)`
 * (resolves to "" or what went wrong), `rated(turn, rating)`, and `say(text)` to screen readers; `outside` is the host
 * of a language model elsewhere, or "".
 */
export class TurnView {
  #actions;
  #turn;
  #answer = el("div", { class: "answer" });
  #state = el("div", { class: "state" });
  #after = el("div", { class: "after" });
  #blocks = [];
  #whose = null;
  #replay = null;
  /** @type {(number: number) => any} */
  #find = () => undefined;
  #card = null;
  #opener = null;
  #timer = 0;

  constructor(turn, actions) {
    this.#turn = turn;
    this.#actions = actions;
    this.question = el(
      "h3",
      { class: "question", tabindex: "-1", dir: "auto" },
      hidden(`${texts.you} `),
      turn.question,
    );
    this.node = el(
      "article",
      { class: "turn" },
      this.question,
      el("div", { class: "reply" }, el("h4", { class: "vh" }, texts.answer), this.#answer, this.#state, this.#after),
    );
    this.node.addEventListener("keydown", (event) => this.#onKey(event));
    this.update();
  }

  /** Show the turn as it is now, from nothing. */
  update() {
    clearInterval(this.#timer);
    this.#reset();
    const { answer, state } = this.#turn;
    if (answer) this.#showAll(answer);
    if (state === "busy") this.#showBusy(texts.busy);
    else this.settle();
  }

  /** The same question is asked again: what is shown stays for as long as the new answer says the same. */
  resume() {
    this.#replay = this.#blocks.flatMap(({ sentences }, block) => sentences.map(({ text }) => ({ block, text })));
    this.#after.replaceChildren();
    this.#showBusy(texts.busy);
  }

  /** Show the sentence that just arrived, the last of `answer`. */
  say({ block, sentence, ...head }, answer) {
    const shown = this.#replay?.shift();
    if (shown?.block === block && shown.text === sentence.text) return;
    this.#find = (number) => answer.citations.find((citation) => citation.number === number);
    if (shown) this.#restart(answer);
    else this.#addSentence(block, head, sentence);
  }

  /** Say that it takes longer than usual. */
  slow() {
    this.#showBusy(texts.slow);
  }

  /** The answer ended, well or not: show what goes below it. The sentences stay as they stand. */
  settle() {
    const { answer, state, failure } = this.#turn;
    this.node.classList.remove("busy");
    this.#state.replaceChildren();
    if (state === "failed" || state === "stopped" || (answer && !answer.complete)) this.#showEnding(failure);
    const tools = answer ? this.#tools() : [];
    const suggestions = this.#suggestions();
    this.#after.replaceChildren(
      ...[
        answer && sourceList(answer.citations, this.#actions.titles, this.#actions.opened),
        this.#maker(),
        ...(answer?.status === "clarify" ? [suggestions, ...tools] : [...tools, suggestions]),
      ].filter(Boolean),
    );
  }

  /** Whether the sentences on the page are exactly those of `answer`. */
  shows(answer) {
    const plain = (blocks) =>
      JSON.stringify(blocks.map(({ heading, list, kind, sentences }) => [heading, list, kind, sentences]));
    return plain(this.#blocks) === plain(answer.blocks);
  }

  /** Stop the clocks of a view that is taken away. */
  remove() {
    clearInterval(this.#timer);
    this.node.remove();
  }

  /** The new answer is another one: begin anew with it. */
  #restart(answer) {
    this.#replay = null;
    this.#clear();
    this.#showAll(answer);
  }

  #clear() {
    this.#blocks = [];
    this.#whose = null;
    this.#card = this.#opener = null;
    this.#answer.replaceChildren();
  }

  #reset() {
    this.#replay = null;
    this.#clear();
    this.#state.replaceChildren();
    this.#after.replaceChildren();
  }

  #showBusy(text) {
    this.node.classList.add("busy");
    const dots = el("span", { class: "dots", "aria-hidden": "true" }, el("i"), el("i"), el("i"));
    this.#state.replaceChildren(el("p", { class: "busyline" }, dots, text));
  }

  #showAll(answer) {
    this.#find = (number) => answer.citations.find((citation) => citation.number === number);
    answer.blocks.forEach(({ sentences, ...head }, at) => {
      for (const sentence of sentences) this.#addSentence(at, head, sentence);
    });
  }

  #addSentence(at, head, sentence) {
    const block = (this.#blocks[at] ??= this.#openBlock(head));
    block.sentences.push(sentence);
    const nodes = sentenceNodes(sentence, this.#find, (citation, button) => this.#toggle(citation, button));
    const said = el("span", { class: "said" }, nodes);
    if (block.list) block.flow.append(el("li", { dir: "auto" }, said));
    else block.flow.append(said, " ");
    this.#sayWhose(sentence, said);
  }

  /** Say behind the last of the sentences that follow each other in our own words that these are ours. */
  #sayWhose(sentence, said) {
    const words = ourWords(sentence);
    if (this.#whose?.words === words) this.#whose.node.remove();
    this.#whose = words ? { words, node: el("span", { class: "whose" }, ` ${words}`) } : null;
    if (this.#whose) said.after(this.#whose.node);
  }

  #openBlock({ kind, heading, list }) {
    const flow = el(list ? "ul" : "p", list ? {} : { dir: "auto" });
    const isNotice = kind === "notice";
    this.#answer.append(
      el(
        "div",
        { class: `block ${kind}` },
        isNotice ? [icon("notice"), hidden(`${texts.notice} `)] : null,
        el("div", { class: "words" }, heading ? el("h4", { dir: "auto" }, heading) : null, flow),
      ),
    );
    return { kind, heading, list, flow, sentences: [] };
  }

  #showEnding(failure) {
    const { answer, state } = this.#turn;
    const isStopped = state === "stopped";
    const what = isStopped ? texts.stopped : failure && (failure.text || texts.failures[failure.kind]);
    const lines = [answer && isUnfinished(answer, state) ? texts.unfinished : null, what].filter(Boolean);
    const clock = el("span", { class: "clock" });
    this.#state.replaceChildren(
      el(
        "div",
        { class: isStopped ? "ending stopped" : "ending" },
        icon(isStopped ? "stop" : "warning"),
        el(
          "p",
          {},
          lines.map((line, at) => [at ? " " : null, at || lines.length === 1 ? line : el("strong", {}, line)]),
          " ",
          clock,
        ),
        el("div", { class: "row" }, this.#waysOn(failure, clock)),
      ),
    );
  }

  #waysOn(failure, clock) {
    if (failure?.kind === "tooBig") return action("fresh", texts.newConversation, () => this.#actions.fresh());
    if (failure?.kind === "problem") return action("edit", texts.edit, () => this.#actions.edit(this.#turn.question));
    const label = this.#turn.answer ? texts.resume : texts.retry;
    const retry = action("retry", label, () => this.#retry(retry), "pill retry");
    if (failure?.wait > 0) this.#countDown(failure.wait, clock, retry);
    return retry;
  }

  #retry(button) {
    if (button.getAttribute("aria-disabled") !== "true") this.#actions.retry();
  }

  /** Count in whole seconds by the clock, also when the page was asleep. */
  #countDown(wait, clock, retry) {
    const end = Date.now() + wait * 1000;
    const show = () => {
      const left = Math.ceil((end - Date.now()) / 1000);
      clock.textContent = left > 0 ? texts.countdown(left) : texts.again;
      retry.setAttribute("aria-disabled", String(left > 0));
      if (left <= 0) {
        clearInterval(this.#timer);
        this.#actions.ready(this.#turn);
      }
    };
    show();
    this.#timer = setInterval(show, 1000);
  }

  /** Who wrote it, when that is a language model, or should have been. */
  #maker() {
    const { isModel, isFallback } = this.#turn.answer?.engine ?? {};
    const text = isModel ? texts.byModel(this.#actions.outside) : isFallback && texts.byQuotes;
    return text ? el("p", { class: "maker" }, icon("notice"), text) : null;
  }

  /** The row of buttons below an answer, and what opens below it. */
  #tools() {
    const copy = action("copy", texts.copy, () => this.#copy(copy), "quiet");
    const retry = action("retry", texts.retry, () => this.#actions.retry(), "quiet retry");
    const isDone = this.#turn.state === "done" && this.#turn.answer.complete;
    const feedback = this.#feedback();
    return [
      el("div", { class: "tools row" }, copy, isDone ? retry : null, feedback?.buttons ?? null),
      feedback?.below ?? null,
    ];
  }

  /** Thumbs, for an answer that the server knows by its id. */
  #feedback() {
    const turn = this.#turn;
    if (!turn.answer.id || ["smalltalk", "clarify"].includes(turn.answer.status)) return null;
    return new Feedback({
      rating: turn.rating,
      rate: (rating, more) => this.#actions.rate(turn, rating, more),
      say: this.#actions.say,
      onRated: (rating) => this.#actions.rated(turn, rating),
    });
  }

  async #copy(button) {
    const done = await this.#actions.copy(this.#turn);
    button.replaceChildren(icon(done ? "check" : "warning"), el("span", {}, done ? texts.copied : texts.copyFailed));
    setTimeout(() => button.replaceChildren(icon("copy"), el("span", {}, texts.copy)), done ? 2500 : 8000);
  }

  #suggestions() {
    const { status, suggestions = [] } = this.#turn.answer ?? {};
    const heading = status === "clarify" ? texts.choices : texts.suggestions;
    return suggestions.length ? choices(heading, suggestions, (text) => this.#actions.ask(text)) : null;
  }

  #toggle(citation, button) {
    const again = this.#opener === button;
    this.#closeCard();
    if (again) return;
    this.#opener = button;
    this.#card = sourceCard(citation, this.#actions.titles, () => this.#leaveCard());
    button.setAttribute("aria-expanded", "true");
    const item = button.closest("li");
    if (item) item.append(this.#card);
    else button.closest("p").after(this.#card);
    this.#card.focus({ preventScroll: true });
    this.#card.scrollIntoView({ block: "nearest" });
    this.#actions.opened(citation);
  }

  #closeCard() {
    this.#opener?.setAttribute("aria-expanded", "false");
    this.#card?.remove();
    this.#card = this.#opener = null;
  }

  #leaveCard() {
    const opener = this.#opener;
    this.#closeCard();
    opener?.focus();
  }

  #onKey(event) {
    if (event.key !== "Escape" || !this.#card) return;
    event.preventDefault();
    event.stopPropagation();
    this.#leaveCard();
  }
}
