// The style of maps and of their slider, beside the style sheet that all reports share.

export const STYLE = `
.maps { display: grid; gap: 14px; grid-template-columns: repeat(auto-fill, minmax(min(100%, 340px), 1fr)); }
figure.full + .maps, .maps + figure.full, .maps + .maps, figure.full + .grid, .grid + .maps { margin-top: 14px; }
.grid + h3 { margin-top: 28px; }
.map img, .frame img { display: block; width: 100%; height: auto; image-rendering: pixelated;
  background: repeating-conic-gradient(var(--grid) 0 25%, transparent 0 50%) 0 0 / 12px 12px; }
.colours { margin-top: 8px; max-width: 480px; }
.strip { display: flex; gap: 10px; overflow-x: auto; scroll-snap-type: x mandatory; }
.frame { flex: 0 0 min(100%, 420px); scroll-snap-align: start; }
.frame p { margin: 6px 0 0; font-size: 13px; font-variant-numeric: tabular-nums; color: var(--strong); }
.slide { display: none; gap: 12px; align-items: center; margin-bottom: 10px; }
.one .slide { display: flex; }
.pair { grid-template-columns: repeat(auto-fill, minmax(min(100%, 420px), 1fr)); margin-top: 14px; }
.frames .colours { max-width: 400px; }
.one .strip { display: block; }
.one .frame { display: none; }
.one .frame.shown { display: block; }
.slide input { flex: 1; min-width: 0; max-width: 480px; height: 32px; accent-color: var(--model); }
.slide button { font: inherit; min-width: 6em; padding: 6px 12px; border: 1px solid var(--grid); border-radius: 8px;
  background: var(--page); color: var(--strong); cursor: pointer; }
.reason { color: var(--text); font-style: italic; }
a { color: var(--model); }
@media screen and (min-width: 941px) {
  figure.one { display: grid; grid-template-columns: minmax(0, 620px) minmax(0, 1fr); gap: 0 28px; align-content: start;
    grid-template-rows: auto auto auto 1fr; }
  .one h3 { grid-column: 1 / -1; }
  .one .strip { grid-area: 2 / 1 / -1 / 2; }
}
@media screen and (max-width: 940px) {
  .pair { grid-template-columns: repeat(auto-fill, minmax(min(100%, 320px), 1fr)); }
}
@media print {
  .maps, .pair { grid-template-columns: 1fr 1fr; gap: 6pt; }
  .one .slide { display: none; }
  .strip, .one .strip { display: grid; grid-template-columns: repeat(6, 1fr); gap: 4pt; max-width: none; overflow: visible; }
  .frame, .one .frame { display: block; break-inside: avoid; }
  .frame p { font-size: 6pt; margin: 1pt 0 0; }
  .map img, .frame img { print-color-adjust: exact; }
  figure.frames { break-inside: auto; }
}
`;
