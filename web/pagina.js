/** The demo page: shows the factsheets and items that the assistant knows, and lets a visitor ask about one. */

import { el, hidden, icon, safeUrl } from "./widget/dom.js";
import { texts } from "./widget/texts.js";

const PAGE = 100;
const MOST = 1000; // items shown
const TIMEOUT = 15_000;

const own = {
  failed: "De onderwerpen kunnen nu niet worden getoond. Een vraag stellen kan misschien wel.",
  retry: "Probeer opnieuw",
  none: "Er zijn nog geen onderwerpen.",
  ask: "Vraag hierover",
  note: "Opmerking van de redactie",
  question: (title) => `Vertel meer over ${title}`,
  updated: (date) => `bijgewerkt op ${date}`,
  count: (n) => (n === 1 ? "1 onderwerp" : `${n} onderwerpen`),
};

const text = (value) => (typeof value === "string" ? value : "");

async function fetchItems() {
  const items = [];
  for (;;) {
    const response = await fetch(new URL(`v1/items?limit=${PAGE}&offset=${items.length}`, import.meta.url), {
      signal: AbortSignal.timeout(TIMEOUT),
    });
    if (!response.ok) throw new Error(`/v1/items: ${response.status}`);
    const { items: more, total } = await response.json();
    items.push(...more);
    if (!more.length || items.length >= Math.min(total, MOST)) return items;
  }
}

function linkOf({ url, known, label }) {
  const href = known === "onbekend" ? null : safeUrl(url);
  if (!href) return null;
  const isProbable = known === "vermoedelijk";
  return el(
    "li",
    {},
    el(
      "a",
      { href, target: "_blank", rel: "noopener noreferrer" },
      el("span", { dir: "auto" }, text(label) || new URL(href).hostname),
      icon("out"),
      hidden(` ${texts.newTab}`),
    ),
    isProbable ? el("span", { class: "probable" }, texts.probable.toLowerCase()) : null,
  );
}

function askAbout(title) {
  /** @type {import("./widget/element.js").KompasChat} */
  const chat = document.querySelector("kompas-chat");
  if (!chat.ask(own.question(title))) return;
  chat.scrollIntoView({ block: "center" });
  document.getElementById("vraag").focus({ preventScroll: true });
}

function card(item) {
  const links = (Array.isArray(item.links) ? item.links : []).map(linkOf).filter(Boolean);
  const title = text(item.title);
  return el(
    "li",
    { class: "card" },
    el("h5", { dir: "auto" }, title),
    item.text ? el("p", { class: "excerpt", dir: "auto" }, text(item.text).split("\n")[0]) : null,
    item.editor_note
      ? el("details", {}, el("summary", {}, own.note), el("p", { dir: "auto" }, text(item.editor_note)))
      : null,
    links.length ? el("ul", { class: "links" }, links) : null,
    el("button", { type: "button", on: { click: () => askAbout(title) } }, own.ask, hidden(` ${title}`), icon("arrow")),
  );
}

function group(type, items) {
  const members = items.filter((item) => item.type === type);
  if (!members.length) return null;
  return el(
    "section",
    { class: `group ${type}` },
    el("h4", {}, texts.groups[type], " ", el("span", { class: "count" }, own.count(members.length))),
    el("ul", { class: "cards" }, members.map(card)),
  );
}

/** "regionale-samenwerking" → "Regionale samenwerking". */
const nameOf = (id) => id.charAt(0).toUpperCase() + id.slice(1).replaceAll("-", " ");

function dateOf(items) {
  const last = items.map((item) => text(item.updated)).reduce((a, b) => (a > b ? a : b), "");
  const date = /^\d{4}-\d{2}-\d{2}$/.test(last) ? new Date(`${last}T12:00:00`) : null;
  return date && date.toLocaleDateString("nl-NL", { day: "numeric", month: "long", year: "numeric" });
}

/** One factsheet: its name, how much it holds and of when, whose words they are, and its items by type. */
function factsheet([id, items]) {
  const date = dateOf(items);
  const origins = [...new Set(items.map(({ origin }) => texts.origins[origin]).filter(Boolean))];
  const facts = [own.count(items.length), date && own.updated(date), ...origins].filter(Boolean);
  return el(
    "section",
    { class: "factsheet" },
    el("h3", { dir: "auto" }, nameOf(id)),
    el("p", { class: "facts" }, facts.join(" · ")),
    Object.keys(texts.groups).map((type) => group(type, items)),
  );
}

function byFactsheet(items) {
  const found = new Map();
  for (const item of items) found.set(text(item.factsheet), [...(found.get(text(item.factsheet)) ?? []), item]);
  return [...found];
}

async function show() {
  const place = document.getElementById("overzicht");
  try {
    const items = await fetchItems();
    const sheets = byFactsheet(items).map(factsheet);
    place.removeAttribute("aria-live"); // the list itself is not read aloud
    place.replaceChildren(...(sheets.length ? sheets : [el("p", { class: "message" }, own.none)]));
  } catch {
    const retry = el("button", { type: "button", on: { click: show } }, own.retry);
    place.replaceChildren(el("p", { class: "message" }, own.failed), retry);
  }
}

show();
