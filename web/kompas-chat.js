/**
 * Registers <kompas-chat>, the chat widget of kompasbot. Everything it needs stands beside this file.
 *
 *   <script type="module" src="https://kompas.example/kompas-chat.js"></script>
 *   <kompas-chat mode="launcher" contact="mailto:hulp@school.example"></kompas-chat>
 *
 * Attributes (each is also a property of the element):
 *   endpoint   base address of the API; default: where this script came from
 *   mode       "inline" (default: stands in the page) or "launcher" (a round button that opens a panel)
 *   factsheet  ask only about this factsheet
 *   heading    title above the conversation
 *   intro      one sentence below the title of an empty conversation
 *   questions  first questions to start from, separated by |
 *   contact    address (https, mailto or relative) for people who want to reach a person
 *   site       the website's name, as the server's list of sites has it; conversations of sites are kept apart
 *   language   "nl" (default) or a region of it, "nl-BE": what screen readers are told; the texts are Dutch
 *   theme      "light" or "dark"; default: what the visitor's system says
 *   open       (launcher) whether the panel is open
 *
 * Methods: ask(question), stop(), reset().
 *
 * Events (bubbling, composed; detail in brackets; each detail also has `site` and `factsheet`):
 *   kompas-question  {question}                        a question was sent
 *   kompas-answer    {id, status, complete, answer, citations}
 *   kompas-citation  {number, item_id, title, url}     a source was opened
 *   kompas-error     {kind, status, message}           offline, unreachable, timeout, limit, problem, server, broken
 *
 * Style it with custom properties on the element; defaults in widget/styles.js:
 *   --kompas-accent, --kompas-on-accent (both also with -dark), --kompas-background, --kompas-surface, --kompas-text, --kompas-muted,
 *   --kompas-line, --kompas-notice, --kompas-font, --kompas-font-size, --kompas-radius, --kompas-height (inline),
 *   --kompas-panel-width, --kompas-panel-height, --kompas-inset (launcher's distance to the edge), --kompas-layer
 *   (launcher's z-index).
 *
 * Works under `default-src 'none'; script-src 'self'; connect-src 'self'` with no style-src at all.
 */

import { KompasChat } from "./widget/element.js";

KompasChat.origin = new URL(".", import.meta.url).href;
KompasChat.outside = ""; // filled in by the server where its language model is not of its own organisation

if (!customElements.get("kompas-chat")) {
  customElements.define("kompas-chat", KompasChat);
}

export { KompasChat };
