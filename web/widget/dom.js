/** Builds DOM from data: text is always text, never markup. */

const SVG = "http://www.w3.org/2000/svg";
const SCHEMES = new Set(["https:", "http:", "mailto:"]);

/**
 * Make an element. `props`: `class`, `on` (listeners by event), else attributes; null, undefined and false leave an
 * attribute out. Children: nodes or texts; null is left out.
 */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
    } else if (value !== null && value !== undefined && value !== false) {
      node.setAttribute(name, value === true ? "" : String(value));
    }
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null));
  return node;
}

/** Text that only screen readers get. */
export const hidden = (text) => el("span", { class: "vh" }, text);

/** The address when it is safe to link to (absolute, or against `base`; https, http or mailto), else null. */
export function safeUrl(value, base) {
  if (typeof value !== "string" || !value.trim()) return null;
  try {
    const url = new URL(value, base);
    return SCHEMES.has(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** A decorative icon of 24 units, drawn in the text's colour. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [key, value] of ICON) svg.setAttribute(key, value);
  for (const [d, filled] of ICONS[name]) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    if (filled) path.setAttribute("class", "filled");
    svg.append(path);
  }
  return svg;
}

const ICON = [
  ["viewBox", "0 0 24 24"],
  ["class", "icon"],
  ["aria-hidden", "true"],
  ["focusable", "false"],
];

const ICONS = {
  compass: [["M12 2.8a9.2 9.2 0 1 1 0 18.4 9.2 9.2 0 0 1 0-18.4Z"], ["m15.9 8.1-2.3 5.5-5.5 2.3 2.3-5.5Z", true]],
  bubble: [
    [
      "M12 3.2c5 0 8.8 3.4 8.8 7.8s-3.8 7.8-8.8 7.8c-1 0-2-.15-2.9-.4l-4.6 1.9.9-3.7C4 15.2 3.2 13.2 3.2 11c0-4.4 3.8-7.8 8.8-7.8Z",
    ],
    ["m15.2 7.8-1.9 4.5-4.5 1.9 1.9-4.5Z", true],
  ],
  send: [["M12 19V5"], ["m5.5 11.5 6.5-6.5 6.5 6.5"]],
  stop: [["M8 7h8a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1H8a1 1 0 0 1-1-1V8a1 1 0 0 1 1-1Z", true]],
  close: [["m6 6 12 12"], ["m18 6-12 12"]],
  fresh: [
    ["M12 5H6a2 2 0 0 0-2 2v11a2 2 0 0 0 2 2h11a2 2 0 0 0 2-2v-6"],
    ["M18.4 3.6a1.7 1.7 0 0 1 2.4 2.4L13 13.8l-3.2.8.8-3.2Z"],
  ],
  copy: [
    ["M10 8h9a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1V9a1 1 0 0 1 1-1Z"],
    ["M5.5 15.5H5a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1h9.5a1 1 0 0 1 1 1v.5"],
  ],
  check: [["m5 12.5 4.5 4.5L19 7"]],
  retry: [["M4 12a8 8 0 1 0 2.6-5.9L4 8.5"], ["M4 4v4.5h4.5"]],
  arrow: [["M5 12h14"], ["m13 6 6 6-6 6"]],
  chevron: [["m6 9.5 6 6 6-6"]],
  out: [
    ["M14 5h5v5"],
    ["m19 5-8.5 8.5"],
    ["M18 14v4a1.5 1.5 0 0 1-1.5 1.5h-10A1.5 1.5 0 0 1 5 18V8a1.5 1.5 0 0 1 1.5-1.5H10"],
  ],
  notice: [["M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17Z"], ["M12 11v5"], ["M12 7.9v.2"]],
  warning: [["M12 4.5 3.6 19h16.8Z"], ["M12 10v4.5"], ["M12 16.9v.2"]],
  up: [["M7.5 10.5v9H5a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1Z"], ["M7.5 10.5 11.4 3.6c1.5 0 2.4 1.2 2.1 2.6l-.7 3.3h5.1a2 2 0 0 1 2 2.4l-1.2 6a2 2 0 0 1-2 1.6H7.5"]],
  down: [["M16.5 13.5v-9H19a1 1 0 0 1 1 1v7a1 1 0 0 1-1 1Z"], ["m16.5 13.5-3.9 6.9c-1.5 0-2.4-1.2-2.1-2.6l.7-3.3H6.1a2 2 0 0 1-2-2.4l1.2-6a2 2 0 0 1 2-1.6h9.2"]],
  letter: [["M4 6h16v12H4Z"], ["m4.5 6.5 7.5 6 7.5-6"]],
  edit: [["M4 20l1-4L16.5 4.5a2.1 2.1 0 0 1 3 3L8 19Z"]],
};
