/**
 * Reads what comes from outside (the server, the storage) into shapes that the rest can rely on: right types, known
 * values, bounded sizes. What can't be read becomes null or a neutral value; nothing here throws.
 */

const TYPES = ["inzicht", "praktijkvoorbeeld", "tool", "algemeen", "document"];
const KNOWN = ["bekend", "vermoedelijk", "onbekend"];
const ORIGINS = ["factsheet", "samenvatting", "document", "notitie"];
const STATUSES = ["answered", "partial", "refused", "clarify", "smalltalk"];
const SPEAKERS = ["item", "document", "reviewed", "composed", "absence", "own"];
const KINDS = ["notice", "intro", "section", "outro"];
const MOST = { text: 4000, title: 400, sentences: 200, citations: 60, suggestions: 4, linked: 5 };

const object = (raw) => (raw !== null && typeof raw === "object" && !Array.isArray(raw) ? raw : null);
const array = (raw, most) => (Array.isArray(raw) ? raw.slice(0, most) : []);
const text = (raw, most = MOST.text) =>
  typeof raw === "string" ? raw.slice(0, most).replace(/\p{Surrogate}/gu, "\ufffd") : ""; // no halves of characters
const oneOf = (values, raw, fallback) => (values.includes(raw) ? raw : fallback);
const count = (raw) => (Number.isSafeInteger(raw) && raw > 0 && raw < 1000 ? raw : null);
const present = (value) => value !== null;

function readPlace(raw) {
  const place = object(raw);
  return (
    place && { title: text(place.title, MOST.title), page: count(place.page), heading: text(place.heading, MOST.title) }
  );
}

/** A numbered source, or null without a number. */
export function readCitation(raw) {
  const it = object(raw);
  const number = it && count(it.number);
  if (!number) return null;
  return {
    number,
    item_id: text(it.item_id, MOST.title),
    type: oneOf(TYPES, it.type, "algemeen"),
    title: text(it.title, MOST.title),
    quote: text(it.quote),
    url: text(it.url, 2000) || null,
    known: oneOf(KNOWN, it.known, "onbekend"),
    origin: oneOf(ORIGINS, it.origin, null),
    updated: text(it.updated, 40),
    linked_from: array(it.linked_from, MOST.linked).map((id) => text(id, MOST.title)),
    document: readPlace(it.document),
  };
}

/** A sentence without its block, or null without text. */
function readSentence(raw) {
  const it = object(raw);
  if (!it || !text(it.text)) return null;
  return {
    text: text(it.text),
    citations: array(it.citations, MOST.citations).map(count).filter(present),
    origin: oneOf(SPEAKERS, it.origin, "own"),
  };
}

/** A `sentence` event: the sentence, and the block that it belongs to; or null. */
export function readSaid(raw) {
  const sentence = readSentence(raw);
  const block = sentence && Number.isSafeInteger(raw.block) && raw.block >= 0 && raw.block < 100 ? raw.block : null;
  if (block === null) return null;
  return { block, ...blockHead(raw), sentence };
}

const blockHead = (it) => ({
  kind: oneOf(KINDS, it.kind, "section"),
  heading: text(it.heading, MOST.title),
  list: it.list === true,
});

function readBlock(raw) {
  const it = object(raw);
  const sentences = it ? array(it.sentences, MOST.sentences).map(readSentence).filter(present) : [];
  return sentences.length ? { ...blockHead(it), sentences } : null;
}

/** A complete or unfinished answer; null when it says nothing. */
export function readAnswer(raw) {
  const it = object(raw);
  const blocks = it ? array(it.blocks, MOST.sentences).map(readBlock).filter(present) : [];
  if (!blocks.length) return null;
  return {
    id: readId(it),
    status: readStatus(it),
    blocks,
    citations: array(it.citations, MOST.citations).map(readCitation).filter(present),
    suggestions: array(it.suggestions, MOST.suggestions)
      .map((one) => text(one, 300).trim())
      .filter(Boolean),
    complete: it.complete !== false,
    engine: readEngine(it.engine),
  };
}

/** Whether a language model wrote it, and whether one should have but could not. */
function readEngine(raw) {
  const it = object(raw) ?? {};
  return { isModel: it.name === "llm", isFallback: it.name !== "llm" && Boolean(text(it.fallback_reason)) };
}

/** The status of a `status` event or an answer. */
export const readStatus = (raw) => oneOf(STATUSES, object(raw)?.status, "answered");

/** The id of an answer; empty when there is none that the server could have made. */
export const readId = (raw) => /^[\w-]{1,64}$/.exec(text(object(raw)?.id))?.[0] ?? "";

/** The title of an item; empty when there is none. */
export const readTitle = (raw) => text(object(raw)?.title, MOST.title);

/** The Dutch title and detail of a problem (RFC 9457), as one text; empty when there are none. */
export function readProblem(raw) {
  const it = object(raw) ?? {};
  const parts = [text(it.title, 200), text(it.detail, 600)].map((part) => part.trim()).filter(Boolean);
  return [...new Set(parts)].map((part) => (/[.!?…:]$/.test(part) ? part : `${part}.`)).join(" ");
}
