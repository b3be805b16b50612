/** Shows sources: the numbers in a text, the card that a number opens, and the list below an answer. */

import { el, hidden, icon } from "./dom.js";
import { addressOf, byItem, grouped, placeOf } from "./conversation.js";
import { texts } from "./texts.js";

const MARKER = /\[(\d{1,3})\]/g;
const LONG_WORD = 24; // characters: a longer word may break before its number

const titleOf = (citation) => citation.title || texts.noTitle;

/** "2026-11-23" → "23 november 2026"; anything else is left out. */
function dateOf(iso) {
  const date = /^\d{4}-\d{2}-\d{2}/.test(iso) ? new Date(`${iso.slice(0, 10)}T12:00:00Z`) : null;
  if (!date || Number.isNaN(date.getTime())) return null;
  return date.toLocaleDateString("nl-NL", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
}

function markerButton(citation, open) {
  return el(
    "button",
    {
      type: "button",
      class: `mark ${citation.type}`,
      "aria-expanded": "false",
      "aria-label": texts.source(citation.number, titleOf(citation)),
      title: titleOf(citation),
      on: { click: (event) => open(citation, event.currentTarget) },
    },
    String(citation.number),
  );
}

/** Splits off the last word, so that a number never stands alone at the start of a line. */
function beforeMarker(text) {
  const [, rest, word] = /^(.*?)(\S*)\s*$/s.exec(text);
  return word.length > LONG_WORD ? [`${rest}${word}`, ""] : [rest, word];
}

/** A sentence's text with its markers as buttons; `find` gives the citation of a number or undefined. */
export function sentenceNodes({ text, citations }, find, open) {
  const nodes = [];
  let at = 0;
  let joined = null;
  for (const match of text.matchAll(MARKER)) {
    const citation = citations.includes(Number(match[1])) ? find(Number(match[1])) : undefined;
    if (!citation) continue;
    const [rest, word] = beforeMarker(text.slice(at, match.index));
    if (!joined || rest || word) {
      joined = el("span", { class: "joined" }, word);
      nodes.push(rest, joined);
    }
    joined.append(markerButton(citation, open));
    at = match.index + match[0].length;
  }
  const end = text.slice(at);
  const [, closing, rest] = /^([.,;:!?)”"]*)(.*)$/s.exec(end);
  if (joined) joined.append(closing);
  else nodes.push(closing);
  nodes.push(rest);
  return nodes.filter((node) => node !== "");
}

/** The link of a source: none when the address is unknown or not safe. */
function link(citation) {
  const href = addressOf(citation);
  if (!href) return null;
  const host = new URL(href).hostname.replace(/^www\./, "");
  const probable = citation.known === "vermoedelijk";
  return el(
    "p",
    { class: "where" },
    el(
      "a",
      { href, target: "_blank", rel: "noopener noreferrer" },
      probable ? texts.probable : texts.visit,
      host ? [": ", el("span", { class: "host" }, host)] : null,
      icon("out"),
      hidden(` ${texts.newTab}`),
    ),
  );
}

/** The quote, and where in a document it stands. */
function quoted(citation) {
  const where = placeOf(citation);
  return [
    citation.quote ? el("blockquote", { dir: "auto" }, citation.quote) : null,
    where ? el("p", { class: "facts", dir: "auto" }, where) : null,
  ];
}

/** Whose words it are, and of when. */
function facts({ origin, updated }) {
  const date = dateOf(updated);
  const words = [origin && texts.origins[origin], date && texts.updated(date)].filter(Boolean);
  return words.length
    ? el(
        "p",
        { class: "facts" },
        words.map((word) => el("span", {}, word)),
      )
    : null;
}

/** "Gelinkt bij: …", the items that link to a document; empty until their titles are there. */
function linkedFrom({ linked_from: ids }, titles) {
  if (!ids.length) return null;
  const line = el("p", { class: "facts" });
  titles(ids).then(
    (found) => found.length && line.append(texts.linkedFrom, el("span", { dir: "auto" }, found.join(", "))),
  );
  return line;
}

/** All about one item: `members` are its citations. */
const body = (members, titles) => [
  members.flatMap(quoted),
  facts(members[0]),
  linkedFrom(members[0], titles),
  link(members[0]),
];

/** The card that opens below the text where a number stands. `titles(ids)` resolves to the titles that are known. */
export function sourceCard(citation, titles, close) {
  const label = texts.source(citation.number, titleOf(citation));
  return el(
    "div",
    { class: `card ${citation.type}`, role: "group", tabindex: "-1", "aria-label": label },
    el(
      "div",
      { class: "cardhead" },
      el(
        "p",
        { class: "type" },
        el("span", { class: "number", "aria-hidden": "true" }, String(citation.number)),
        texts.types[citation.type],
      ),
      el(
        "button",
        {
          type: "button",
          class: "quiet round",
          "aria-label": texts.closeSource(citation.number),
          on: { click: close },
        },
        icon("close"),
      ),
    ),
    el("p", { class: "title", dir: "auto" }, titleOf(citation)),
    body([citation], titles),
  );
}

const numberOf = ({ number }) => el("span", { class: "number" }, hidden(`${texts.sourceWord} `), String(number));

/** One item of the list; `members` are its citations. */
function sourceRow(members, titles, onOpen) {
  const content = el("div", { class: "rowbody" });
  const row = el(
    "details",
    { class: members[0].type },
    el(
      "summary",
      {},
      el("span", { class: "numbers" }, members.map(numberOf)),
      el("span", { class: "title", dir: "auto" }, titleOf(members[0])),
      icon("chevron"),
    ),
    content,
  );
  row.addEventListener("toggle", () => {
    if (!row.open) return;
    content.replaceChildren(el("div", {}, body(members, titles)));
    onOpen(members[0]);
  });
  return row;
}

/** The sources of an answer, grouped by type. */
export function sourceList(citations, titles, onOpen) {
  if (!citations.length) return null;
  return el(
    "div",
    { class: "sources" },
    el("h4", {}, texts.sources),
    grouped(citations).map(([type, members]) =>
      el(
        "div",
        { class: "group" },
        el("h5", {}, texts.groups[type]),
        el(
          "ul",
          {},
          byItem(members).map((same) => el("li", {}, sourceRow(same, titles, onOpen))),
        ),
      ),
    ),
  );
}
