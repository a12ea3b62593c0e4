// The report's style sheet: readable in light, in dark and on paper.

export const STYLE = `
:root { color-scheme: light dark; --page: #fbfbf9; --card: #ffffff; --text: #33383f; --strong: #14171b;
  --grid: #dfe2e6; --actual: #1b2733; --model: #1c6fd1; --lastWeek: #c98a1b; --meanOfFour: #8a939e;
  --below: #c2563f; --above: #3f8f6b; }
@media (prefers-color-scheme: dark) { :root { --page: #14171b; --card: #1c2026; --text: #b8c0ca;
  --strong: #f1f4f7; --grid: #343b44; --actual: #f1f4f7; --model: #6aaef7; --lastWeek: #e0ad52;
  --meanOfFour: #7c8692; --below: #e58873; --above: #6cc79c; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1160px; margin: 0 auto; padding: 32px 20px 64px; }
h1, h2, h3 { color: var(--strong); line-height: 1.2; margin: 0; text-wrap: balance; }
h1 { font-size: 28px; } h2 { font-size: 20px; margin: 44px 0 14px; } h3 { font-size: 15px; margin-bottom: 10px; }
p { margin: 6px 0; max-width: 80ch; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(200px, 1fr)); gap: 14px; margin-top: 24px; }
.tile, figure { background: var(--card); border: 1px solid var(--grid); border-radius: 10px; padding: 16px; }
.tile b { display: block; color: var(--strong); font-size: 28px; line-height: 1.25; font-variant-numeric: tabular-nums; }
.tile small { display: block; }
.grid { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)); gap: 14px; }
.three { grid-template-columns: repeat(auto-fit, minmax(min(100%, 320px), 1fr)); }
figure { margin: 0; min-width: 0; }
figure svg { display: block; width: 100%; height: auto; }
figcaption { font-size: 13px; margin-top: 8px; }
.wide { overflow-x: auto; background: var(--card); border: 1px solid var(--grid); border-radius: 10px;
  padding: 8px; margin-top: 14px; }
tbody tr:last-child td { border-bottom: 0; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: 14px; }
th, td { padding: 6px 10px; text-align: right; border-bottom: 1px solid var(--grid); white-space: nowrap; }
th { color: var(--strong); font-weight: 600; vertical-align: bottom; }
th.name, td.name { text-align: left; white-space: normal; overflow-wrap: anywhere; min-width: 9em; }
td.best { color: var(--strong); font-weight: 600; }
summary { cursor: pointer; color: var(--strong); padding: 6px 0; }
li { overflow-wrap: anywhere; }
@media print { .tile, figure { break-inside: avoid; } }
`;
