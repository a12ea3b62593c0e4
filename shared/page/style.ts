// The style sheet of pages: legible in light, in dark, on a phone, on a wall and on paper; served as a file of its own.
import { DARK, LIGHT } from './palette.ts';

const BASE = `
:root { color-scheme: light dark; ${LIGHT} --good: #1f6b47; --bad: #a8321d; --busy: #17599f; --wait: #7a5200; }
@media screen and (prefers-color-scheme: dark) { :root { ${DARK}
  --good: #7fd3a4; --bad: #f2998a; --busy: #8cc2fb; --wait: #e6bd6c; } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, sans-serif;
  overflow-wrap: anywhere; }
a { color: var(--busy); }
a:focus-visible, button:focus-visible, summary:focus-visible, textarea:focus-visible, input:focus-visible,
select:focus-visible, [tabindex]:focus-visible { outline: 3px solid var(--busy); outline-offset: 2px; }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 8px; top: 8px; background: var(--card); padding: 8px 12px; z-index: 1; }
body > header, body > footer { display: flex; flex-wrap: wrap; gap: 4px 20px; align-items: baseline;
  padding: 10px 20px; border-bottom: 1px solid var(--grid); background: var(--card); }
body > footer { border: 0; border-top: 1px solid var(--grid); font-size: 13px; }
body > header nav { display: flex; flex-wrap: wrap; gap: 4px 16px; flex: 1; }
body > header b { color: var(--strong); }
nav a[aria-current] { color: var(--strong); font-weight: 600; text-decoration: none; }
main { max-width: 1400px; margin: 0 auto; padding: 20px 20px 48px; }
h1, h2, h3 { color: var(--strong); line-height: 1.25; margin: 0; text-wrap: balance; }
h1 { font-size: 24px; } h2 { font-size: 18px; margin: 28px 0 8px; } h3 { font-size: 15px; margin: 16px 0 6px; }
p { margin: 6px 0; max-width: 90ch; }
ul { padding-left: 20px; }
code, pre, .mono { font: 13px/1.5 ui-monospace, "DejaVu Sans Mono", monospace; }
pre { background: var(--card); border: 1px solid var(--grid); border-radius: 6px; padding: 8px 10px; margin: 6px 0;
  white-space: pre-wrap; overflow-wrap: anywhere; }
.sub { display: flex; flex-wrap: wrap; gap: 4px 14px; margin: 8px 0 0; font-size: 14px; }
.notice { border: 1px solid var(--wait); border-left-width: 5px; background: var(--card); padding: 8px 12px; margin: 12px 0; }
.notice[hidden] { display: none; }
`;

const PARTS = `
.cards { display: grid; gap: 12px; grid-template-columns: repeat(auto-fill, minmax(min(100%, 380px), 1fr)); margin: 12px 0;
  padding: 0; list-style: none; }
.card { background: var(--card); border: 1px solid var(--grid); border-radius: 8px; padding: 12px 14px; min-width: 0; }
.card h2 { margin: 0 0 4px; }
.state { font-weight: 600; white-space: nowrap; }
.state::before { display: inline-block; width: 1.3em; }
.good { color: var(--good); } .bad { color: var(--bad); } .busy { color: var(--busy); } .wait { color: var(--wait); }
.good::before, .bad::before, .busy::before, .wait::before { margin-inline-end: 0.35em; } .state::before { margin: 0; }
.good::before { content: "✓"; } .bad::before { content: "✕"; } .busy::before { content: "▸"; } .wait::before { content: "‖"; }
dl { display: grid; grid-template-columns: fit-content(38%) minmax(0, 1fr); gap: 2px 16px; margin: 8px 0; }
dt { color: var(--strong); font-weight: 600; } dd { margin: 0; }
details { margin: 8px 0; }
summary { cursor: pointer; color: var(--strong); padding: 4px 0; }
.why summary { font-size: 13px; font-weight: 400; color: var(--text); text-decoration: underline dotted; display: inline-block; }
form { display: grid; gap: 10px; max-width: 640px; margin: 12px 0; }
form:has(fieldset) { max-width: none; } form:has(fieldset) > label { max-width: 640px; }
fieldset { border: 1px solid var(--grid); border-radius: 8px; padding: 4px 12px; min-width: 0; } legend { color: var(--strong); font-weight: 600; }
form.inline { display: flex; flex-wrap: wrap; align-items: end; gap: 8px 12px; max-width: none; }
label { color: var(--strong); font-weight: 600; display: grid; gap: 4px; min-width: 0; }
input, textarea, select, button { font: inherit; color: var(--strong); background: var(--page); border: 1px solid var(--text);
  border-radius: 6px; padding: 6px 10px; max-width: 100%; }
.choice { display: flex; align-items: baseline; gap: 8px; }
label input, label select, label textarea { font-weight: 400; }
textarea { min-height: 4.5em; }
td:empty { visibility: hidden; }
button { background: var(--strong); color: var(--page); cursor: pointer; justify-self: start; }
.copy { background: none; color: var(--text); border-color: var(--grid); padding: 1px 10px; font-size: 13px; margin: 6px 0 -2px;
  display: block; }
.pager { display: flex; flex-wrap: wrap; gap: 8px 20px; margin: 12px 0; }
svg.bars { display: block; width: 100%; min-width: 120px; height: 14px; } svg.bars rect { fill: var(--busy); }
img.chart { display: block; width: 100%; max-width: 1160px; height: auto; background: var(--card);
  border: 1px solid var(--grid); border-radius: 8px; }
figure.chart { margin: 8px 0 20px; } figcaption { font-size: 13px; max-width: 90ch; margin-top: 4px; }
main .forms { display: flex; flex-wrap: wrap; gap: 0 40px; }
.png { background: none; color: var(--text); border-color: var(--grid); padding: 1px 10px; font-size: 13px; }
`;

const TABLES = `
.wide { overflow-x: auto; background: var(--card); border: 1px solid var(--grid); border-radius: 8px; padding: 6px; margin: 10px 0; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: 14px; }
th, td { padding: 5px 8px; text-align: right; border-bottom: 1px solid var(--grid); vertical-align: top; }
tbody tr:last-child td { border-bottom: 0; }
th { color: var(--strong); font-weight: 600; vertical-align: bottom; }
th.name, td.name { text-align: left; max-width: 44em; }
td.name { min-width: 5em; } td.number { white-space: nowrap; }
`;

/** On a phone every row of a table is a card, in which each cell says what it is. */
const NARROW = `
@media screen and (max-width: 760px) {
  main { padding: 14px 12px 36px; } h1 { font-size: 20px; }
  body > header, body > footer { padding: 8px 12px; }
  dl { grid-template-columns: minmax(0, 1fr); } dd { margin-bottom: 6px; }
  .wide { overflow: visible; background: none; border: 0; padding: 0; }
  table, tbody { display: block; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  tr { display: block; background: var(--card); border: 1px solid var(--grid); border-radius: 8px; padding: 6px 10px; margin: 8px 0; }
  td, td.name, td.number { display: grid; grid-template-columns: minmax(0, 2fr) minmax(0, 3fr); gap: 10px; border: 0;
    padding: 2px 0; text-align: left; white-space: normal; max-width: none; }
  td:empty { display: none; }
  img.chart { max-width: 480px; }
  td::before { content: attr(data-name); color: var(--text); font-weight: 400; }
}
@media (min-width: 761px) { td time { white-space: nowrap; } }
@media screen and (min-width: 2200px) {
  body { font-size: 20px; } main { max-width: 3000px; } h1 { font-size: 34px; } h2 { font-size: 26px; } h3 { font-size: 22px; }
  table, .sub { font-size: 19px; } code, pre, .mono, .copy, .why summary, body > footer { font-size: 17px; }
  svg.bars { height: 20px; }
}
`;

const PAPER = `
@page { size: A4; margin: 12mm; }
@media print {
  :root { color-scheme: light; --page: #ffffff; }
  body { font-size: 9.5pt; } main { max-width: none; padding: 0; }
  body > header { border: 0; padding: 0; } td time { white-space: nowrap; }
  nav, nav.sub, body > header nav, body > footer, form, form.inline, .skip, .pager, .copy { display: none; }
  code, pre, .mono { font-size: 7pt; } pre { border: 0; padding: 0; }
  .wide { overflow: visible; border: 0; padding: 0; } table { font-size: 7.5pt; } th, td { padding: 3px 5px; }
  tr, .card { break-inside: avoid; } h2, h3 { break-after: avoid; }
  details::details-content { content-visibility: visible; block-size: auto; overflow: visible; }
}
`;

/** Boxes and lines in the colours of the page; what a line means is in its dashes as well. */
const MAP = `
.map { overflow-x: auto; background: var(--card); border: 1px solid var(--grid); border-radius: 8px; margin: 12px 0; }
.map svg { display: block; margin: 0 auto; }
.map rect { fill: var(--page); stroke: var(--text); }
.map text { fill: var(--strong); font: 600 12px system-ui, sans-serif; }
.map text.kind { fill: var(--text); font-weight: 400; font-size: 10px; }
.map a:hover rect, .map a:focus-visible rect { stroke: var(--busy); stroke-width: 2.5; }
.map .job rect { stroke-width: 2; } .map .outside rect, .map .schedule rect { stroke-dasharray: 3 3; }
.map .flow { fill: none; stroke: var(--text); stroke-width: 1.2; opacity: .75; }
.map .tip { fill: var(--text); }
.map .publishes, .map .delivers, .map .notifies { stroke-dasharray: 9 4; }
.map .reads, .map .watches, .map .operates { stroke-dasharray: 2 4; }
@media screen and (max-width: 760px) { .map { max-height: 70vh; overflow: auto; } }
@media print { .map svg { width: 100%; height: auto; } }
`;

export const PAGE_STYLE = BASE + PARTS + TABLES + NARROW + MAP + PAPER;
