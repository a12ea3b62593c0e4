// Sites that are not in the forecast, sites to doubt, and what is odd about the files.
import type { ForecastMetrics } from '../output/metrics.ts';
import { html, type Html } from './html.ts';

export const oddities = ({ excludedSites, remarks, notes }: ForecastMetrics): Html =>
  html`<h2>What to know of the data</h2>
    ${list(
      'Sites left out',
      excludedSites.map(({ code, mall, reason }) => `${mall} (${code}): ${reason}`),
      'None: every site of Transco is in the forecast.',
    )}
    ${list(
      'Sites to look at',
      remarks.map(({ code, mall, remark }) => `${mall} (${code}): ${remark}`),
      'None: every site has a history to learn from.',
    )}
    ${list('Notes on the files', notes, 'None.')} `;

const list = (title: string, lines: readonly string[], none: string): Html =>
  lines.length === 0
    ? html`<h3>${title}</h3>
        <p>${none}</p>`
    : html`<h3>${title}</h3>
        <ul>
          ${lines.map((line) => html`<li>${line}</li>`)}
        </ul>`;
