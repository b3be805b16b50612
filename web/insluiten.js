/** The page for editors: shows the widget as they choose it, the lines to paste, and everything that can be set. */

import { el } from "./widget/dom.js";
import { ATTRIBUTES, PROPERTIES } from "./opties.js";

/** @type {import("./widget/element.js").KompasChat} */
const chat = document.querySelector("kompas-chat");
/** @type {HTMLFormElement} */
const form = document.querySelector("#keuzes");
const DEFAULTS = { accent: "#0b6156", radius: "16", size: "16" };
const LEAST_CONTRAST = 4.5; // WCAG 2.2, 1.4.3

const own = {
  good: (ratio) => `Goed te lezen: het contrast is ${ratio}.`,
  bad: (ratio) => `Let op: het contrast is ${ratio}. Dat moet minstens 4,5 zijn. Kies een donkerdere kleur.`,
  copied: "Gekopieerd.",
  notCopied: "Kopiëren lukt hier niet. Selecteer de regels en kopieer ze zelf.",
  columns: ["Naam", "Standaard", "Wat het doet"],
};

/** Relative luminance of "#rrggbb", as WCAG defines it. */
function luminance(hex) {
  const [r, g, b] = [1, 3, 5]
    .map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one, other) {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

/** What stands in the form, by name. */
function choices() {
  return Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]));
}

/** The attributes and custom properties that differ from the defaults. */
function chosen() {
  const { mode, theme, site, heading, contact, accent, radius, size } = choices();
  const attributes = { mode: mode === "inline" ? "" : mode, theme, site, heading, contact };
  const properties = {
    "--kompas-accent": accent === DEFAULTS.accent ? "" : accent,
    "--kompas-on-accent": accent === DEFAULTS.accent || contrast(accent, "#ffffff") >= LEAST_CONTRAST ? "" : "#000000",
    "--kompas-radius": radius === DEFAULTS.radius ? "" : `${radius}px`,
    "--kompas-font-size": size === DEFAULTS.size ? "" : `${Number(size) / 16}rem`,
  };
  const filled = (all) => Object.entries(all).filter(([, value]) => value.trim());
  return { attributes, attributesSet: filled(attributes), properties, propertiesSet: filled(properties) };
}

const quoted = (value) => value.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");

function lines({ attributesSet, propertiesSet }) {
  const attributes = attributesSet.map(([name, value]) => ` ${name}="${quoted(value.trim())}"`).join("");
  const styles = propertiesSet.map(([name, value]) => `  ${name}: ${value};`).join("\n");
  return [
    `<script type="module" src="${location.origin}/kompas-chat.js"></script>`,
    `<kompas-chat${attributes}></kompas-chat>`,
    styles && `\n/* In je stijlblad: */\nkompas-chat {\n${styles}\n}`,
  ]
    .filter(Boolean)
    .join("\n");
}

/** Show the choices. The site's name is left out: this page has none. */
function show() {
  const now = chosen();
  for (const [name, value] of Object.entries(now.attributes)) {
    if (name !== "site" && chat[name] !== value) chat[name] = value || null;
  }
  for (const [name, value] of Object.entries(now.properties)) chat.style.setProperty(name, value);
  document.getElementById("achter-de-knop").hidden = !now.attributes.mode;
  const ratio = contrast(choices().accent, "#ffffff");
  const shown = ratio.toFixed(1).replace(".", ",");
  document.getElementById("contrast").textContent = ratio >= LEAST_CONTRAST ? own.good(shown) : own.bad(shown);
  document.getElementById("code").textContent = lines(now);
}

function table(rows) {
  return el(
    "table",
    {},
    el("thead", {}, el("tr", {}, own.columns.map((name) => el("th", { scope: "col" }, name)))),
    el(
      "tbody",
      {},
      rows.map(([name, standard, what]) =>
        el("tr", {}, el("th", { scope: "row" }, el("code", {}, name)), el("td", {}, standard), el("td", {}, what)),
      ),
    ),
  );
}

async function copy() {
  const place = document.getElementById("gekopieerd");
  try {
    await navigator.clipboard.writeText(document.getElementById("code").textContent);
    place.textContent = own.copied;
  } catch {
    place.textContent = own.notCopied;
  }
}

form.addEventListener("input", show);
form.addEventListener("submit", (event) => event.preventDefault());
document.getElementById("kopieer").addEventListener("click", copy);
document.getElementById("attributen").append(table(ATTRIBUTES));
document.getElementById("stijlen").append(table(PROPERTIES));
document.getElementById("beleid").textContent = `script-src ${location.origin}; connect-src ${location.origin}`;
show();
