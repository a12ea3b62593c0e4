// The report's style sheet: readable in light, in dark, on a phone and on paper; and the policy that allows it alone.
import { createHash } from 'node:crypto';
import { Html } from '../page/html.ts';
import { DARK, LIGHT } from '../page/palette.ts';

const BASE = `
:root { color-scheme: light dark; ${LIGHT} }
@media screen and (prefers-color-scheme: dark) { :root { ${DARK} } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1160px; margin: 0 auto; padding: 32px 20px 64px; }
h1, h2, h3 { color: var(--strong); line-height: 1.2; margin: 0; text-wrap: balance; overflow-wrap: anywhere; }
h1 { font-size: 28px; } h2 { font-size: 20px; margin: 44px 0 14px; } h3 { font-size: 15px; margin-bottom: 10px; }
ul + h3, p + h3 { margin-top: 20px; }
p { margin: 6px 0; max-width: 80ch; overflow-wrap: anywhere; }
li { overflow-wrap: anywhere; }
summary { cursor: pointer; color: var(--strong); padding: 6px 0; overflow-wrap: anywhere; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(200px, 1fr)); gap: 14px; margin-top: 24px; }
.tile, figure { background: var(--card); border: 1px solid var(--grid); border-radius: 10px; padding: 16px; }
.tile b { display: block; color: var(--strong); font-size: 28px; line-height: 1.25; font-variant-numeric: tabular-nums; }
.tile small { display: block; }
`;

const CHARTS = `
.grid { display: grid; gap: 14px; }
.halves { grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)); }
.grid.small { grid-template-columns: repeat(auto-fill, minmax(min(100%, 310px), 1fr)); margin-bottom: 14px; }
figure { margin: 0; min-width: 0; }
figure.full + figure.full { margin-top: 14px; }
figure.small { padding: 12px; }
svg { display: block; width: 100%; height: auto; }
svg text { font: 12px system-ui, sans-serif; }
figcaption { font-size: 13px; margin-top: 8px; overflow-wrap: anywhere; }
figcaption::first-letter { text-transform: uppercase; }
.narrow { display: none; }
.legend { display: flex; flex-wrap: wrap; gap: 2px 18px; margin: 14px 0 10px; max-width: none; font-size: 13px; }
figure .legend { margin: 0 0 8px; }
.key::before { display: inline-block; width: 14px; margin-right: 6px; vertical-align: middle; border-top: 3px solid; }
.key[class*=" "]::before { content: ""; }
.actual::before { border-color: var(--actual); } .model::before { border-color: var(--model); }
.lastWeek::before { border-color: var(--lastWeek); } .meanOfFour::before { border-color: var(--meanOfFour); }
.lastYear::before { border-top: 2px dashed var(--lastWeek); }
.below::before, .above::before, .band::before { border-top-width: 9px; }
.below::before { border-color: var(--below); } .above::before { border-color: var(--above); }
.band::before { border-color: var(--model); opacity: 0.35; }
.key.dot::before { width: 0; border: 2px solid var(--actual); border-radius: 2px; opacity: 0.5; }
.key.last::before { width: 0; height: 14px; border-top: 0; border-left: 1px dashed var(--text); }
`;

const TABLES = `
.wide { overflow-x: auto; background: var(--card); border: 1px solid var(--grid); border-radius: 10px;
  padding: 8px; margin: 14px 0; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: 14px; }
th, td { padding: 6px 8px; text-align: right; border-bottom: 1px solid var(--grid); }
td { white-space: nowrap; }
tbody tr:last-child td { border-bottom: 0; }
th { color: var(--strong); font-weight: 600; vertical-align: bottom; }
th.name, td.name { text-align: left; white-space: normal; overflow-wrap: break-word; min-width: 5em; max-width: 22em; }
td.best { color: var(--strong); font-weight: 600; }
`;

/** Where there is no room side by side, every row of a table is a card, and charts are drawn for a phone. */
const NARROW = `
@media screen and (max-width: 940px) {
  .halves { grid-template-columns: repeat(auto-fit, minmax(min(100%, 320px), 1fr)); }
  .half .broad { display: none; }
  .half .narrow { display: block; }
  .wide { overflow: visible; background: none; border: 0; padding: 0; }
  table { display: block; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  tbody { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 280px), 1fr)); gap: 10px; }
  tr { background: var(--card); border: 1px solid var(--grid); border-radius: 10px; padding: 8px 12px; }
  td, td.name { display: flex; justify-content: space-between; gap: 12px; border: 0; padding: 2px 0; min-width: 0;
    max-width: none; text-align: right; white-space: normal; overflow-wrap: anywhere; }
  td::before { content: attr(data-name); color: var(--text); font-weight: 400; text-align: left; flex: none;
    max-width: 50%; }
  td:empty { display: none; }
  td.name:first-child { color: var(--strong); font-weight: 600; }
}
@media screen and (max-width: 720px) {
  main { padding: 16px 12px 40px; }
  h1 { font-size: 22px; } h2 { margin-top: 32px; }
  .tile, figure { padding: 12px; }
  .broad { display: none; }
  .narrow { display: block; }
  .narrow svg, .small svg { max-width: 480px; }
}
`;

/** Light, everything unfolded, and no chart or row torn in two. */
const PAPER = `
@page { size: A4; margin: 12mm; }
@media print {
  :root { color-scheme: light; --page: #ffffff; }
  body { font-size: 9.5pt; }
  main { max-width: none; padding: 0 1px; }
  h1 { font-size: 18pt; } h2 { font-size: 13pt; margin-top: 20pt; } h3 { font-size: 10pt; margin-bottom: 4pt; }
  h2, h3, summary, .legend { break-after: avoid; }
  p { max-width: none; } .legend { font-size: 8pt; }
  .tile, figure { border-radius: 0; padding: 8pt; break-inside: avoid; }
  .tiles { grid-template-columns: repeat(3, 1fr); gap: 6pt; margin-top: 12pt; break-inside: avoid; } .tile b { font-size: 15pt; }
  figcaption { font-size: 8pt; }
  .grid { gap: 6pt; } .grid.halves, .grid.small { grid-template-columns: 1fr 1fr; }
  .half .broad { display: none; } .half .narrow { display: block; }
  .wide { overflow: visible; border-radius: 0; padding: 0; border: 0; }
  table { font-size: 8pt; } th, td, td.name { padding: 2pt 4pt; min-width: 0; }
  tr { break-inside: avoid; }
  .key::before { print-color-adjust: exact; }
  details::details-content { content-visibility: visible; block-size: auto; overflow: visible; }
  summary { list-style: none; font-weight: 600; }
}
`;

const STYLE = BASE + CHARTS + TABLES + NARROW + PAPER;

/** Made here whole: a space more in it, and it is not the one that the policy allows. */
export const STYLE_ELEMENT = new Html(`<style>${STYLE}</style>`);

/** What a page has beside the style sheet: the whole texts of its own style sheets and scripts, and images in it. */
export interface Inlined {
  readonly styles?: readonly string[];
  readonly scripts?: readonly string[];
  readonly hasImages?: boolean;
}

const sourceOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** For a browser: nothing fetched, and no style, script or image but those that are named here. */
export const policyOf = ({ styles = [], scripts = [], hasImages = false }: Inlined): string =>
  [
    "default-src 'none'",
    ['style-src', ...[STYLE, ...styles].map(sourceOf)].join(' '),
    ...(scripts.length === 0 ? [] : [['script-src', ...scripts.map(sourceOf)].join(' ')]),
    ...(hasImages ? ['img-src data:'] : []),
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
