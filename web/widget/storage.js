/** Keeps a conversation for the visit in this tab (sessionStorage); does nothing where storage is off. */

import { readTurn } from "./conversation.js";

const VERSION = 1;
const MOST_CHARACTERS = 400_000;
const taken = new Set();

/** A key that no other widget on this page uses. */
function claim(wanted) {
  let key = wanted;
  for (let n = 2; taken.has(key); n += 1) key = `${wanted}#${n}`;
  taken.add(key);
  return key;
}

/** The place of one widget; call `release` when the widget leaves the page. */
export class Store {
  #key;

  constructor(...names) {
    this.#key = claim(["kompas-chat", ...names].join(":"));
  }

  /** The kept `{turns, open}`; empty when there is nothing, or nothing readable. */
  load() {
    try {
      const kept = JSON.parse(sessionStorage.getItem(this.#key));
      if (kept?.version !== VERSION || !Array.isArray(kept.turns)) return { turns: [], open: false };
      return { turns: kept.turns.slice(-100).map(readTurn).filter(Boolean), open: kept.open === true };
    } catch {
      return { turns: [], open: false };
    }
  }

  /** Keep the newest turns that fit. */
  save(turns, open) {
    try {
      let kept = turns;
      let text = JSON.stringify({ version: VERSION, open, turns: kept });
      while (text.length > MOST_CHARACTERS && kept.length) {
        kept = kept.slice(1);
        text = JSON.stringify({ version: VERSION, open, turns: kept });
      }
      sessionStorage.setItem(this.#key, text);
    } catch {
      // Storage is off or full: the conversation lasts as long as the page.
    }
  }

  release() {
    taken.delete(this.#key);
  }
}
