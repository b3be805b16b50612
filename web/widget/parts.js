/** Small parts that stand in more than one place. */

import { el, icon } from "./dom.js";

/** A button with an icon and a text. */
export function action(name, label, onPress, className = "pill") {
  return el("button", { type: "button", class: className, on: { click: onPress } }, icon(name), el("span", {}, label));
}

/** Questions to press, below a heading. */
export function choices(heading, questions, ask) {
  const rows = questions.map((text) =>
    el(
      "li",
      { dir: "auto" },
      action("arrow", text, () => ask(text), "choice"),
    ),
  );
  return el("div", { class: "suggestions" }, el("h4", {}, heading), el("ul", {}, rows));
}
