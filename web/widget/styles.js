/**
 * The looks, as one constructable style sheet (no inline styles, so any CSP will do).
 * Public custom properties (--kompas-…) are read once, at the top; the rest uses the private names (--…) only.
 */

const tokens = `
:host {
  display: block;
  inline-size: 100%; /* as wide as there is room, also where the page would make it as wide as what is in it */
  min-inline-size: 0;
  color-scheme: light dark;
  --background: var(--kompas-background, light-dark(#ffffff, #101716));
  --surface: var(--kompas-surface, light-dark(#f3f7f6, #18211f));
  --text: var(--kompas-text, light-dark(#15211f, #e8efed));
  --muted: var(--kompas-muted, light-dark(#4b5b57, #a5b5b0));
  --line: var(--kompas-line, light-dark(#d8e1de, #2e3c39));
  --edge: light-dark(#76887f, #6d807a);
  --accent: light-dark(var(--kompas-accent, #0b6156), var(--kompas-accent-dark, oklch(from var(--kompas-accent, #0b6156) max(l, .8) min(c, .12) h)));
  --on-accent: light-dark(var(--kompas-on-accent, #ffffff), var(--kompas-on-accent-dark, #06211c));
  --tint: light-dark(oklch(from var(--accent) .972 min(c, .014) h), oklch(from var(--accent) .27 min(c, .03) h));
  --tint-strong: light-dark(oklch(from var(--accent) .945 min(c, .022) h), oklch(from var(--accent) .32 min(c, .04) h));
  --notice: var(--kompas-notice, light-dark(#8a5300, #f0b95b));
  --notice-tint: light-dark(oklch(from var(--notice) .975 .022 h), oklch(from var(--notice) .25 .028 h));
  --radius: var(--kompas-radius, 1em);
  --inzicht: light-dark(#3d4fb0, #a9b6ff);
  --praktijkvoorbeeld: light-dark(#0f6b3f, #7fd6a5);
  --tool: light-dark(#944300, #ffb27d);
  --algemeen: light-dark(#4b5b57, #b6c4c0);
  --document: light-dark(#7a3485, #e0a5ea);
  --shadow: 0 1px 2px rgb(0 20 16 / .06), 0 12px 32px -8px rgb(0 20 16 / .16);
}
.frame, .opener {
  all: initial; /* nothing of the host page is inherited, whatever its style sheets say */
  color-scheme: inherit;
  font-family: var(--kompas-font, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif);
  font-size: var(--kompas-font-size, max(1rem, 16px));
  line-height: 1.6;
  color: var(--text);
  -webkit-text-size-adjust: 100%;
}
:host([hidden]) { display: none; }
:host([theme="light"]) { color-scheme: light; }
:host([theme="dark"]) { color-scheme: dark; }
:host([mode="launcher"]) { display: contents; }
`;

/**
 * Browsers that can't give the frame a width of its own in a place that is as wide as what is in it: a least one. Those
 * that know no light-dark() or no colours made from others: light only, with plain tints.
 */
const older = `
@supports not (contain-intrinsic-inline-size: 1px) { .frame { min-inline-size: min(16em, 100vw - 3em); } }
@supports not ((color: light-dark(red, red)) and (color: oklch(from red l c h))) {
  :host {
    color-scheme: light;
    --background: var(--kompas-background, #ffffff);
    --surface: var(--kompas-surface, #f3f7f6);
    --text: var(--kompas-text, #15211f);
    --muted: var(--kompas-muted, #4b5b57);
    --line: var(--kompas-line, #d8e1de);
    --edge: #76887f;
    --accent: var(--kompas-accent, #0b6156);
    --on-accent: var(--kompas-on-accent, #ffffff);
    --tint: var(--surface);
    --tint-strong: var(--line);
    --notice: var(--kompas-notice, #8a5300);
    --notice-tint: var(--surface);
    --inzicht: #3d4fb0;
    --praktijkvoorbeeld: #0f6b3f;
    --tool: #944300;
    --algemeen: #4b5b57;
    --document: #7a3485;
  }
  :host([theme]) { color-scheme: light; }
}
`;

const base = `
*, ::before, ::after { box-sizing: border-box; }
h2, h3, h4, h5, p, ul, blockquote { margin: 0; padding: 0; font: inherit; }
ul { list-style: none; }
[hidden] { display: none !important; }
a { color: var(--accent); text-underline-offset: .2em; text-decoration-thickness: .07em; }
a:hover { text-decoration-thickness: .14em; }
button, textarea { font: inherit; color: inherit; letter-spacing: inherit; }
button { cursor: pointer; border: 1px solid transparent; background: none; touch-action: manipulation; -webkit-tap-highlight-color: transparent; }
button[aria-disabled="true"] { cursor: not-allowed; }
:focus-visible { outline: .19em solid var(--accent); outline-offset: .13em; }
:focus:not(:focus-visible) { outline: none; }
.icon { width: 1.25em; height: 1.25em; flex: none; fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }
.icon .filled { fill: currentColor; stroke-width: 1; }
.vh { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.row { display: flex; flex-wrap: wrap; gap: .5em; align-items: center; }
.pill, .quiet, .choice { display: inline-flex; align-items: center; gap: .45em; min-height: 2.5em; padding: .3em .9em; border-radius: 2em; text-align: start; font-size: .9375em; line-height: 1.35; }
.pill { border-color: var(--edge); background: var(--background); font-weight: 550; }
.pill:hover { border-color: var(--accent); background: var(--tint); }
.pill[aria-disabled="true"] { color: var(--muted); border-style: dashed; background: none; }
.quiet { color: var(--muted); padding-inline: .65em; }
.quiet:hover { color: var(--text); background: var(--tint); }
.round { width: 2.5em; padding: 0; justify-content: center; flex: none; }
.choice { width: 100%; padding: .6em 1em; border-radius: .8em; border-color: var(--line); background: var(--background); justify-content: space-between; flex-direction: row-reverse; gap: .8em; transition: border-color .15s, background-color .15s; }
.choice span { flex: 1; }
.choice .icon { color: var(--accent); transition: translate .15s; }
.choice:hover { border-color: var(--accent); background: var(--tint); }
.choice:hover .icon { translate: .2em; }
`;

const layout = `
.frame { container: frame / inline-size; contain-intrinsic-inline-size: min(27em, 100vw - 3em); box-sizing: border-box; position: relative; display: flex; flex-direction: column; overflow: hidden; color: var(--text); background: var(--background); overflow-wrap: break-word; hyphens: auto; }
.frame.inline { height: var(--kompas-height, min(46em, 88vh)); min-height: 26em; border: 1px solid var(--line); border-radius: var(--radius); box-shadow: var(--shadow); }
header { display: flex; align-items: center; gap: .6em; padding: .7em .7em .7em 1.15em; border-bottom: 1px solid var(--line); }
header > .icon { width: 1.6em; height: 1.6em; color: var(--accent); }
header h2 { flex: 1; min-width: 0; font-weight: 650; letter-spacing: -.01em; line-height: 1.3; }
header .quiet { font-size: .875em; min-height: 2.6em; }
.frame:has(.welcome) .fresh { display: none; }
.transcript { flex: 1; min-height: 0; overflow-y: auto; overscroll-behavior: contain; scrollbar-width: thin; scrollbar-color: var(--edge) transparent; scrollbar-gutter: stable both-edges; padding: 1.5em 1em 1em; }
.transcript > *, footer > * { max-width: 42em; margin-inline: auto; }
.transcript:focus-visible { outline-offset: -.25em; }
footer { padding: .6em 1em .8em; background: var(--background); }
footer > .automated { max-width: none; display: flex; flex-wrap: wrap; justify-content: center; align-items: baseline; gap: 0 1.1em; margin-top: .5em; font-size: .8125em; line-height: 1.45; color: var(--muted); text-align: center; text-wrap: balance; }
.automated > p { padding-block: .15em; }
.ways { display: flex; flex-wrap: wrap; justify-content: center; align-items: baseline; gap: 0 1.1em; }
.ways > * { display: inline-block; min-height: 24px; line-height: inherit; }
.link { padding: 0; border: 0; color: var(--accent); text-decoration: underline; text-underline-offset: .2em; text-decoration-thickness: .07em; }
.link:hover { text-decoration-thickness: .14em; }
@container frame (max-width: 26em) {
  header .fresh span { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .emblem { display: none; }
  header .fresh { width: 2.6em; padding: 0; justify-content: center; }
}
`;

const forms = `
.frame:has(> .letter:not([hidden])) > :is(.transcript, footer) { display: none; }
.letter { flex: 1; min-height: 0; overflow-y: auto; padding: 1.75em 1.25em; }
.sheet { max-width: 34em; margin-inline: auto; }
.sheet h3 { display: flex; align-items: center; gap: .4em; font-size: 1.3em; font-weight: 680; letter-spacing: -.015em; line-height: 1.3; margin-bottom: .35em; }
.sheet h3 .icon { color: var(--accent); }
.sheet p { color: var(--muted); text-wrap: pretty; }
.sheet form > .row, .sheet > .pill { margin-top: 1.25em; }
.sheet label, .remark label { display: block; font-weight: 600; line-height: 1.4; }
.sheet label { margin: 1.1em 0 .35em; }
:is(.sheet, .remark) :is(textarea, input[type="text"]) { display: block; width: 100%; max-height: none; padding: .6em .85em; border: 1px solid var(--edge); border-radius: .7em; background: var(--background); resize: vertical; font: inherit; line-height: 1.5; color: inherit; }
.sheet .hint, .remark .hint { padding-inline: 0; }
:is(.sheet, .remark) :is(textarea, input[type="text"]):focus-visible { outline: .19em solid var(--accent); outline-offset: 0; }
.main { color: var(--on-accent); background: var(--accent); border-color: transparent; }
.main:hover { background: var(--accent); filter: brightness(1.12); }
.thumbs { display: inline-flex; align-items: center; gap: .1em; margin-inline-start: auto; font-size: .9375em; color: var(--muted); }
.thumbs > span { margin-inline-end: .35em; }
.thumbs [aria-pressed="true"] { color: var(--accent); background: var(--tint-strong); }
.thumbs [aria-pressed="true"] .icon path { fill: color-mix(in oklab, currentColor 25%, transparent); }
.remark form { display: grid; gap: .6em; margin-top: .6em; padding: 1em; border: 1px solid var(--line); border-radius: .8em; background: var(--surface); }
.remark .tick { display: flex; gap: .6em; align-items: flex-start; }
.remark .tick label { font-weight: 400; font-size: .9375em; }
.remark input[type="checkbox"] { width: 24px; height: 24px; margin: 0; flex: none; accent-color: var(--accent); }
.told { display: flex; gap: .5em; align-items: center; margin-top: .4em; font-size: .9375em; color: var(--muted); }
.told .icon { color: var(--accent); }
.maker { display: flex; gap: .55em; margin-top: 1.1em; font-size: .875em; color: var(--muted); line-height: 1.5; }
.maker .icon { margin-top: .05em; }
.hint:empty { display: none; }
`;

const composer = `
.box { display: flex; align-items: flex-end; gap: .4em; padding: .4em; border: 1px solid var(--edge); border-radius: 1.6em; background: var(--background); cursor: text; transition: border-color .15s, box-shadow .15s; }
.box:focus-within { border-color: var(--accent); box-shadow: 0 0 0 .19em color-mix(in oklab, var(--accent) 22%, transparent); }
.box textarea { flex: 1; min-width: 0; resize: none; border: 0; background: none; padding: .45em .75em; line-height: 1.5; max-height: 9em; field-sizing: content; overflow-y: auto; }
.box textarea:focus-visible { outline: none; }
textarea::placeholder { color: var(--muted); opacity: 1; }
.send { display: grid; place-items: center; width: 2.5em; height: 2.5em; flex: none; border-radius: 50%; color: var(--on-accent); background: var(--accent); transition: filter .15s; }
.send:hover { filter: brightness(1.12); }
.send[aria-disabled="true"] { color: var(--muted); background: var(--tint-strong); filter: none; }
.hint { font-size: .8125em; line-height: 1.4; color: var(--muted); padding-inline: 1.1em; }
.hint:not(:empty) { margin-top: .4em; }
.hint.wrong { color: var(--notice); font-weight: 600; }
`;

const welcome = `
.welcome { display: flex; flex-direction: column; gap: .6em; min-height: 100%; justify-content: center; }
.emblem { display: grid; place-items: center; width: 3.25em; height: 3.25em; border-radius: 1em; color: var(--accent); background: var(--tint); }
.emblem .icon { width: 2em; height: 2em; stroke-width: 1.5; }
.welcome h3 { font-size: 1.5em; font-weight: 680; letter-spacing: -.02em; line-height: 1.25; margin-top: .25em; text-wrap: balance; }
.welcome p { color: var(--muted); text-wrap: pretty; }
.welcome .suggestions { margin-top: .8em; }
.welcome > .quiet { align-self: flex-start; }
.suggestions h4 { margin-bottom: .5em; font-size: .8125em; font-weight: 600; color: var(--muted); }
.suggestions ul { display: grid; gap: .5em; }
@container frame (min-width: 40em) {
  .welcome .suggestions ul { grid-template-columns: 1fr 1fr; }
  .welcome .choice { height: 100%; }
}
`;

const turns = `
.turn + .turn { margin-top: 2.25em; }
.turn:last-child { min-height: 100%; }
.question { width: fit-content; max-width: 85%; margin: 0 0 1.1em auto; padding: .6em 1.05em; border-radius: 1.25em 1.25em .3em 1.25em; background: var(--tint-strong); font-weight: 500; line-height: 1.5; white-space: pre-line; overflow-wrap: anywhere; }
.answer { display: flex; flex-direction: column; gap: .95em; line-height: 1.7; }
.words { flex: 1; min-width: 0; max-width: 40em; }
.said { white-space: pre-line; overflow-wrap: anywhere; }
.words h4 { margin: .35em 0 .3em; font-weight: 680; line-height: 1.4; letter-spacing: -.005em; }
.words ul { display: grid; gap: .45em; }
.words li { position: relative; padding-inline-start: 1.35em; }
.words li::before { content: ""; position: absolute; inset-inline-start: .25em; top: .68em; width: .4em; height: .4em; border-radius: 50%; background: var(--accent); opacity: .75; }
.block.outro { color: var(--muted); }
.block.notice { display: flex; gap: .7em; padding: .75em 1em; border-radius: .8em; border: 1px solid color-mix(in oklab, var(--notice) 35%, transparent); border-inline-start: .3em solid var(--notice); background: var(--notice-tint); line-height: 1.6; }
.block.notice > .icon { color: var(--notice); margin-top: .18em; }
.joined { white-space: nowrap; }
.whose { font-size: .875em; color: var(--muted); }
.mark + .mark { margin-inline-start: .15em; }
.mark { min-width: 1.65em; height: 1.65em; margin-inline: .2em 0; padding: 0 .35em; border-radius: .5em; font-size: .9375em; min-inline-size: 24px; min-block-size: 24px; line-height: 1; font-weight: 650; font-variant-numeric: tabular-nums; color: var(--hue); background: color-mix(in oklab, var(--hue) 12%, var(--background)); vertical-align: .05em; transition: background-color .15s; }
.mark:hover { background: color-mix(in oklab, var(--hue) 24%, var(--background)); }
.mark[aria-expanded="true"] { color: var(--background); background: var(--hue); }
.inzicht { --hue: var(--inzicht); }
.praktijkvoorbeeld { --hue: var(--praktijkvoorbeeld); }
.tool { --hue: var(--tool); }
.algemeen { --hue: var(--algemeen); }
.document { --hue: var(--document); }
.busyline { display: flex; align-items: center; gap: .7em; margin-top: .9em; color: var(--muted); }
.dots { display: inline-flex; gap: .25em; }
.dots i { width: .42em; height: .42em; border-radius: 50%; background: var(--accent); opacity: .35; }
.ending { display: grid; grid-template-columns: auto 1fr; gap: .5em .7em; margin-top: 1em; padding: .85em 1em; border-radius: .8em; border: 1px solid var(--line); background: var(--surface); }
.ending > .icon { margin-top: .18em; color: var(--notice); }
.ending.stopped > .icon { color: var(--muted); }
.ending .row { grid-column: 2; }
.ending strong { font-weight: 650; }
.clock { font-variant-numeric: tabular-nums; }
.tools { margin: .9em 0 0 -.65em; }
.turn:not(:last-child) :is(.suggestions, .retry) { display: none; }
.after .suggestions { margin-top: 1.1em; }
`;

const sources = `
.card { margin: .6em 0 .3em; padding: .5em .5em 1em 1.1em; border: 1px solid var(--line); border-inline-start: .25em solid var(--hue); border-radius: .8em; background: var(--surface); line-height: 1.55; white-space: normal; }
.cardhead { display: flex; align-items: center; justify-content: space-between; gap: 1em; }
.type { display: flex; align-items: center; gap: .55em; font-size: .8125em; font-weight: 650; color: var(--hue); }
.number { display: inline-grid; place-items: center; min-width: 1.75em; height: 1.75em; padding: 0 .35em; border-radius: .5em; font-weight: 650; font-size: .875em; line-height: 1; font-variant-numeric: tabular-nums; color: var(--hue); background: color-mix(in oklab, var(--hue) 12%, var(--background)); flex: none; }
.type .number { font-size: 1em; }
.card > .title { font-weight: 650; margin: .1em .6em .5em 0; }
.card > :not(.cardhead) { margin-inline-end: .6em; }
.title, blockquote, .facts { overflow-wrap: anywhere; }
blockquote ~ blockquote { margin-top: .6em; }
blockquote { white-space: pre-line; padding-inline-start: .9em; border-inline-start: .15em solid var(--line); }
.facts { margin-top: .55em; font-size: .8125em; color: var(--muted); }
.rowbody .facts { font-size: .8667em; }
.facts span + span::before { content: "·"; margin-inline: .5em; }
.where { margin-top: .45em; font-size: .9375em; }
.where a { display: inline-block; min-height: 24px; font-weight: 550; }
.where .host { font-weight: 400; overflow-wrap: anywhere; }
.where .icon { width: .95em; height: .95em; margin-inline-start: .3em; vertical-align: -.1em; }
.sources { margin-top: 1.5em; padding-top: 1.1em; border-top: 1px solid var(--line); }
.sources h4 { font-weight: 680; margin-bottom: .5em; }
.group + .group { margin-top: .7em; }
.group h5 { font-size: .8125em; font-weight: 600; color: var(--muted); margin-bottom: .15em; }
summary { display: flex; align-items: flex-start; gap: .65em; margin-inline: -.5em; padding: .42em .5em; border-radius: .6em; cursor: pointer; list-style: none; font-size: .9375em; line-height: 1.5; }
summary::-webkit-details-marker { display: none; }
summary:hover { background: var(--surface); }
summary .title { flex: 1; min-width: 0; }
.numbers { display: flex; flex-wrap: wrap; gap: .25em; max-width: 35%; }
summary .icon { margin-top: .12em; color: var(--muted); transition: rotate .15s; }
details[open] > summary .icon { rotate: 180deg; }
.rowbody { padding: .35em .5em .9em 2.1em; font-size: .9375em; line-height: 1.55; }
`;

const panel = `
.opener { cursor: pointer; position: fixed; inset: auto var(--kompas-inset, 1.5em) var(--kompas-inset, 1.5em) auto; z-index: var(--kompas-layer, 1000); box-sizing: border-box; display: inline-flex; align-items: center; justify-content: center; gap: .6em; min-width: 3.75em; height: 3.75em; padding: 0; border-radius: 2em; color: var(--on-accent); background: var(--accent); box-shadow: var(--shadow); font-weight: 600; transition: filter .15s, translate .15s; }
.opener .icon { width: 1.9em; height: 1.9em; }
.opener:hover { filter: brightness(1.12); translate: 0 -.1em; }
.opener:focus-visible { outline-color: var(--text); outline-offset: .2em; }
.opener.away { visibility: hidden; }
.frame.launcher:not([open]) { display: none; }
dialog.frame { position: fixed; inset: auto var(--kompas-inset, 1.5em) var(--kompas-inset, 1.5em) auto; z-index: var(--kompas-layer, 1000); margin: 0; padding: 0; width: min(var(--kompas-panel-width, 27em), 100vw - 3em); max-width: none; height: min(var(--kompas-panel-height, 44em), 100dvh - 3em); max-height: none; border: 1px solid var(--line); border-radius: var(--radius); box-shadow: var(--shadow); min-width: 0; gap: 0; background: var(--background); }
dialog.frame::backdrop { background: none; }
@media (max-width: 40rem), (max-height: 30rem) {
  dialog.frame { inset: 0; width: 100vw; height: 100dvh; border: 0; border-radius: 0; }
  dialog.frame footer { padding-bottom: max(.8em, env(safe-area-inset-bottom)); }
}
@media (max-height: 30rem) {
  .frame { overflow-y: auto; }
  .frame.inline { height: auto; max-height: none; }
  .transcript { flex: none; overflow: visible; }
}
`;

const motion = `
@media (prefers-reduced-motion: no-preference) {
  .busy .said { animation: arrive .35s ease-out; }
  .dots i { animation: pulse 1.2s ease-in-out infinite; }
  .dots i:nth-child(2) { animation-delay: .15s; }
  .dots i:nth-child(3) { animation-delay: .3s; }
  .card { animation: unfold .18s ease-out; }
  dialog.frame[open] { animation: rise .22s cubic-bezier(.2, .8, .2, 1); }
  .transcript { scroll-behavior: smooth; }
}
@media (prefers-reduced-motion: reduce) { *, ::before, ::after { transition: none !important; } }
@media (prefers-contrast: more) { .frame, .opener { --line: var(--edge); --muted: var(--text); } }
@media (forced-colors: active) {
  .mark, .number, .send, .question, .opener { border: 1px solid; }
  .icon { color: inherit; }
}
@media print { .frame.inline { height: auto; border: 0; box-shadow: none; } .transcript { overflow: visible; } footer, .tools, .suggestions, header button { display: none !important; } }
@keyframes arrive { from { opacity: 0; } }
@keyframes pulse { 40% { opacity: 1; translate: 0 -.15em; } 80% { opacity: .35; translate: 0; } }
@keyframes unfold { from { opacity: 0; translate: 0 -.3em; } }
@keyframes rise { from { opacity: 0; translate: 0 1em; } }
`;

export const sheet = new CSSStyleSheet();
sheet.replaceSync([tokens, older, base, layout, composer, forms, welcome, turns, sources, panel, motion].join("\n"));
