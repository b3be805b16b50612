/** The way from a question to its answer, one at a time. */

import { Draft, answerText, messageText, requestBody, sentenceCount } from "./conversation.js";
import { Failure, ask } from "./stream.js";
import { texts } from "./texts.js";

const SLOW = 8_000; // ms without news until we say that it takes long

const sentences = (...parts) => parts.filter(Boolean).join(" ");

/** The answer as it is read aloud: without the numbers of its sources. */
const spoken = (answer) => messageText(answer).replace(/\s*\[\d{1,3}\]/g, "");

export class Answering {
  #host;
  #running = null;

  /**
   * `host` is the widget: `url()`, `headers()` and `factsheet()` of the request, `view(turn)` (undefined when it is gone),
   * `busy(isBusy)`, `say(text)` to screen readers, `emit(name, detail)` to the page, `ended()`.
   */
  constructor(host) {
    this.#host = host;
  }

  get busy() {
    return this.#running !== null;
  }

  /** Stop the answer that is on its way; what was shown stays. */
  stop() {
    this.#running?.abort(new Failure("stopped"));
  }

  /** Stop it and forget about it. */
  drop() {
    this.stop();
    this.#running = null;
    this.#host.busy(false);
  }

  /** The steps of one answer: ask, show what arrives, close well or not. `before` are the turns that go along. */
  async run(turn, before) {
    const controller = new AbortController();
    this.#running = controller;
    this.#host.busy(true);
    this.#host.say(texts.busy);
    let failure = await this.#receive(turn, before, controller);
    if (this.#running !== controller) {
      turn.state = "stopped"; // dropped: nobody is to hear of it
      return;
    }
    try {
      this.#close(turn, failure);
    } catch (error) {
      console.error(error);
      failure = new Failure("server");
      this.#close(turn, failure);
    } finally {
      this.#running = null;
      this.#host.busy(false);
      this.#host.ended();
    }
    this.#tell(turn, failure);
  }

  /** Show what arrives; resolves to null when the answer is whole, else to why it is not. */
  async #receive(turn, before, controller) {
    const draft = new Draft();
    const earlier = turn.answer; // of a try that broke off
    let timer = setTimeout(() => this.#slow(turn), SLOW);
    try {
      const body = requestBody(before, turn.question, this.#host.factsheet());
      for await (const event of ask(this.#host.url(), body, this.#host.headers(), controller)) {
        const [what, value] = draft.take(event) ?? [];
        turn.answer = sentenceCount(draft.answer) >= sentenceCount(earlier) ? draft.answer : earlier;
        if (what === "done") {
          turn.answer = value;
          return null;
        }
        if (what !== "sentence") continue;
        clearTimeout(timer);
        timer = setTimeout(() => this.#host.view(turn)?.slow(), SLOW);
        this.#host.view(turn)?.say(value, draft.answer);
      }
      return new Failure("broken");
    } catch (error) {
      if (error instanceof Failure) return error;
      console.error(error);
      return new Failure("broken");
    } finally {
      clearTimeout(timer);
    }
  }

  #slow(turn) {
    this.#host.view(turn)?.slow();
    this.#host.say(texts.slow);
  }

  /** Show how the answer ended: well (`failure` is null) or not. */
  #close(turn, failure) {
    const isStopped = failure?.kind === "stopped";
    turn.state = failure ? (isStopped ? "stopped" : "failed") : "done";
    turn.failure = failure && !isStopped ? { kind: failure.kind, text: failure.text, wait: failure.wait } : null;
    const view = this.#host.view(turn);
    if (turn.answer && !view?.shows(turn.answer)) view?.update();
    else view?.settle();
  }

  /** Say it to screen readers and to the page. */
  #tell(turn, failure) {
    if (failure) this.#tellFailure(turn, failure);
    else this.#tellAnswer(turn);
  }

  #tellAnswer({ answer }) {
    const { id, status, complete, citations } = answer;
    this.#host.say(sentences(texts.ready, !complete && texts.unfinished, spoken(answer)));
    this.#host.emit("answer", { id, status, complete, answer: answerText(answer), citations });
  }

  #tellFailure({ answer }, { kind, status, text, wait }) {
    const isStopped = kind === "stopped";
    const message = isStopped ? texts.stopped : text || texts.failures[kind];
    this.#host.say(
      sentences(answer && texts.unfinished, message, wait && texts.countdown(wait), answer && spoken(answer)),
    );
    if (!isStopped) this.#host.emit("error", { kind, status, message });
  }
}
