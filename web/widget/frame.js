/** What stands around the turns: title, welcome, transcript, status for screen readers, footnote, launcher. */

import { el, icon, safeUrl } from "./dom.js";
import { action, choices } from "./parts.js";
import { texts } from "./texts.js";

const EDGE = 16; // px above the last question
const FORGET = 20_000; // ms until the status region is emptied, so that nobody finds the answer twice

/** Says things to screen readers: one polite region, replaced as a whole. */
export class Announcer {
  #timer = 0;
  node = el("p", { class: "vh", role: "status", "aria-live": "polite", "aria-atomic": "true" });

  say(text) {
    clearTimeout(this.#timer);
    this.node.textContent = text;
    this.#timer = setTimeout(() => this.node.replaceChildren(), FORGET);
  }

  stop() {
    clearTimeout(this.#timer);
  }
}

/** "hulp@school.nl" and relative addresses are fine too; null when it can't be linked to. */
function contactUrl(value) {
  const isMail = /^[^\s/:@]+@[^\s/:@]+$/.test(value);
  return isMail ? safeUrl(`mailto:${value}`) : value && safeUrl(value, document.baseURI);
}

/**
 * "This is an automated assistant", where a question goes when that is elsewhere, the way to the editors, and the way
 * to a person when there is one.
 */
function automated(contact, outside, onSuggest) {
  const href = contactUrl(contact);
  return el(
    "div",
    { class: "automated" },
    el("p", {}, texts.automated),
    outside ? el("p", { class: "outside" }, texts.outside(outside)) : null,
    el(
      "p",
      { class: "ways" },
      el("button", { type: "button", class: "link suggest", on: { click: onSuggest } }, texts.suggest),
      href ? el("a", { href }, texts.contact) : null,
    ),
  );
}

/** The empty conversation: what this is, first questions, and the way back to a conversation that was cleared. */
export function welcome({ intro, questions, ask, restore }) {
  return el(
    "div",
    { class: "welcome" },
    el("span", { class: "emblem" }, icon("compass")),
    el("h3", {}, texts.welcome),
    el("p", {}, intro || texts.intro, " ", texts.privacy),
    choices(texts.startersLabel, questions, ask),
    restore ? action("retry", texts.restore, restore, "quiet") : null,
  );
}

function header({ heading, onFresh, onClose }) {
  return el(
    "header",
    {},
    icon("compass"),
    el("h2", { id: "heading" }, heading || texts.heading),
    el(
      "button",
      { type: "button", class: "quiet fresh", on: { click: onFresh } },
      icon("fresh"),
      el("span", {}, texts.newConversation),
    ),
    onClose
      ? el(
          "button",
          { type: "button", class: "quiet round", "aria-label": texts.closePanel, on: { click: onClose } },
          icon("close"),
        )
      : null,
  );
}

/** The scrolling list of turns. It is never a live region: the announcer speaks. */
export const transcript = () =>
  el("div", { class: "transcript", role: "log", "aria-live": "off", "aria-label": texts.conversation, tabindex: "0" });

/** The widget speaks Dutch, of the Netherlands or another region ("nl-BE"). */
const dutch = (language) => (/^nl(-[a-z]{2})?$/i.test(language) ? language : "nl");

/** Bring the last turn to the top, so that its answer is read from the beginning. */
export function scrollToLast(list, isBusy) {
  const last = list.lastElementChild;
  list.scrollTop += last.getBoundingClientRect().top - list.getBoundingClientRect().top - EDGE;
  if (isBusy && getComputedStyle(list).overflowY === "visible") last.scrollIntoView(); // low screen
}

/** The whole widget but the turns; `parts`: `{transcript, composer, letter, announcer}` nodes. */
export function frame(parts, { mode, heading, contact, language, outside, onFresh, onClose, onSuggest }) {
  const tag = mode === "launcher" ? "dialog" : "section";
  return el(
    tag,
    { class: `frame ${mode}`, lang: dutch(language), dir: "ltr", "aria-labelledby": "heading" },
    header({ heading, onFresh, onClose: mode === "launcher" ? onClose : null }),
    parts.transcript,
    el("footer", {}, parts.composer, automated(contact, outside, onSuggest)),
    parts.letter,
    parts.announcer,
  );
}

/** The round button that opens the panel. */
export function launcher(onPress) {
  return el(
    "button",
    {
      type: "button",
      class: "opener",
      lang: "nl",
      dir: "ltr",
      "aria-haspopup": "dialog",
      "aria-expanded": "false",
      "aria-label": texts.openPanel,
      title: texts.openPanel,
      on: { click: onPress },
    },
    icon("bubble"),
  );
}
