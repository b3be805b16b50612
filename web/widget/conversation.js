/**
 * The conversation as plain data. A turn is `{question, answer, state, failure}`: `answer` is null until something was
 * said; `state` is busy, done, stopped or failed; `failure` is `{kind, text, wait}` or null; `rating` is up, down or null.
 */

import { safeUrl } from "./dom.js";
import { texts } from "./texts.js";
import { readAnswer, readCitation, readId, readSaid, readStatus } from "./shapes.js";

export const MOST_QUESTION = 2000; // characters, as the server counts them
const MOST_MESSAGES = 40;
const MOST_BYTES = 63 * 1024; // of the 64 KiB that the server accepts

const bytes = (value) => new TextEncoder().encode(value).length;

/** How long the server finds a text: in code points. */
export const lengthOf = (text) => [...text].length;

/** A turn that begins now. */
export const newTurn = (question) => ({ question, answer: null, state: "busy", failure: null, rating: null });

/** Puts the events of one stream together to an answer. */
export class Draft {
  #answer = {
    id: "",
    status: "answered",
    blocks: [],
    citations: [],
    suggestions: [],
    complete: false,
    engine: { isModel: false, isFallback: false },
  };
  #byNumber = new Map();

  /** Take an event; return what it adds to the page: `["sentence", said]`, `["done", answer]` or null. */
  take({ event, data }) {
    if (event === "status") Object.assign(this.#answer, { id: readId(data), status: readStatus(data) });
    if (event === "citation") this.#cite(readCitation(data));
    if (event === "sentence") return this.#say(readSaid(data));
    if (event === "done") return this.#finish(readAnswer(data));
    return null;
  }

  /** The answer as far as it came; null when nothing was said. */
  get answer() {
    return this.#answer.blocks.length ? this.#answer : null;
  }

  #cite(citation) {
    if (!citation || this.#byNumber.has(citation.number)) return;
    this.#byNumber.set(citation.number, citation);
    this.#answer.citations.push(citation);
  }

  #say(said) {
    if (!said) return null;
    const { block, sentence, ...head } = said;
    const blocks = this.#answer.blocks;
    const at = Math.min(block, blocks.length);
    blocks[at] ??= { ...head, sentences: [] };
    blocks[at].sentences.push(sentence);
    return ["sentence", { ...said, block: at }];
  }

  #finish(answer) {
    if (answer) this.#answer = answer;
    return answer && ["done", answer];
  }
}

/** An answer's text as the server writes it. */
export function answerText(answer) {
  return answer.blocks
    .map(({ heading, list, sentences }) => {
      const lines = sentences.map((sentence) => sentence.text);
      return [...(heading ? [heading] : []), ...(list ? lines.map((line) => `- ${line}`) : [lines.join(" ")])].join(
        "\n",
      );
    })
    .join("\n\n");
}

/** What an answer asks back, as a list below its text; empty when it asks nothing. */
const choicesText = ({ status, suggestions }) =>
  status === "clarify" && suggestions.length ? `\n\n${suggestions.map((choice) => `- ${choice}`).join("\n")}` : "";

/** An answer that stands by itself: a question back has its choices below it. */
export const messageText = (answer) => answerText(answer) + choicesText(answer);

/** Whose words the run of sentences that ends at `sentence` is, where they are ours and have sources; else empty. */
export const ourWords = ({ origin }) => texts.ours[origin] ?? "";

const messagesOf = ({ question, answer }) => [
  { role: "user", content: question },
  {
    role: "assistant",
    content: messageText(answer),
    citations: answer.citations.map(({ number, item_id }) => ({ number, item_id })),
  },
];

/** The request for `question` after the turns before it: as much history as fits, the oldest turns go first. */
export function requestBody(before, question, factsheet) {
  const history = before.filter((turn) => turn.answer).map(messagesOf);
  const write = () =>
    JSON.stringify({
      messages: [...history.flat(), { role: "user", content: question }],
      stream: true,
      factsheet: factsheet || null,
    });
  while (history.length && (history.length * 2 + 1 > MOST_MESSAGES || bytes(write()) > MOST_BYTES)) history.shift();
  return write();
}

/** Citations by type in the order of the texts' groups; empty groups are left out. */
export function grouped(citations) {
  return Object.keys(texts.groups)
    .map((type) => [type, citations.filter((citation) => citation.type === type)])
    .filter(([, members]) => members.length);
}

/** How many sentences an answer has; 0 for none. */
export const sentenceCount = (answer) => answer?.blocks.reduce((sum, { sentences }) => sum + sentences.length, 0) ?? 0;

/** Citations of the same item together, in the order of their first. */
export function byItem(citations) {
  const items = new Map();
  for (const citation of citations) {
    const item = citation.item_id || citation.number;
    items.set(item, [...(items.get(item) ?? []), citation]);
  }
  return [...items.values()];
}

/** The address of a source, if it is known and safe. */
export const addressOf = ({ url, known }) => (known === "onbekend" ? null : safeUrl(url));

/** Where in a document a quote stands, in words; empty for an item of a factsheet. */
export const placeOf = ({ document: at }) =>
  at ? [at.title, at.page && texts.page(at.page), at.heading].filter(Boolean).join(", ") : "";

function sourceLine(citation) {
  const { number, title, quote, origin, known } = citation;
  const address = addressOf(citation);
  const where = known === "vermoedelijk" ? `${texts.probable}: ${address}` : address;
  const words = `[${number}] ${title || texts.noTitle}: “${quote}”`;
  const whose = [placeOf(citation), origin && texts.origins[origin]].filter(Boolean).join("; ");
  return [words, whose && ` (${whose})`, address && `\n    ${where}`].filter(Boolean).join("");
}

/** An answer with its own words marked as on the page. */
function marked(answer) {
  const all = answer.blocks.flatMap(({ sentences }) => sentences);
  const ends = new Set(all.filter((sentence, at) => !all[at + 1] || ourWords(all[at + 1]) !== ourWords(sentence)));
  const mark = (sentence) =>
    ends.has(sentence) && ourWords(sentence) ? { ...sentence, text: `${sentence.text} ${ourWords(sentence)}` } : sentence;
  return { ...answer, blocks: answer.blocks.map((block) => ({ ...block, sentences: block.sentences.map(mark) })) };
}

/** A turn as plain text with its sources, to copy. */
export function copyText({ question, answer, state }) {
  const sources = grouped(answer.citations).map(([type, all]) =>
    [texts.groups[type], ...all.map(sourceLine)].join("\n"),
  );
  return [
    question,
    messageText(marked(answer)),
    ...(isUnfinished(answer, state) ? [texts.unfinished] : []),
    ...(sources.length ? [texts.sources.toUpperCase(), ...sources] : []),
    texts.automated,
  ].join("\n\n");
}

/** Whether something was said, but not all. */
export const isUnfinished = (answer, state) => state === "failed" || state === "stopped" || !answer.complete;

/** A stored turn, or null. One that was busy when the page went away is not finished. */
export function readTurn(raw) {
  if (typeof raw?.question !== "string" || !raw.question) return null;
  const answer = readAnswer(raw.answer);
  const state = ["done", "stopped"].includes(raw.state) && (answer || raw.state === "stopped") ? raw.state : "failed";
  const kind = Object.hasOwn(texts.failures, raw.failure?.kind) ? raw.failure.kind : "broken";
  const text = typeof raw.failure?.text === "string" ? raw.failure.text.slice(0, 800) : "";
  return {
    question: raw.question.slice(0, MOST_QUESTION),
    answer,
    state,
    failure: state === "failed" ? { kind, text, wait: 0 } : null,
    rating: ["up", "down"].includes(raw.rating) ? raw.rating : null,
  };
}
