// Data-quality notes: sites that are not in the forecast, sites to doubt, and what is odd about the files.
import type { ForecastMetrics } from '../output/metrics.ts';
import { html, type Html } from '../../../shared/page/html.ts';
import type { Messages } from './language/english.ts';

const MOST_LINES = 100;

export function dataNotes(m: Messages, { excludedSites, qualityNotes, notes }: ForecastMetrics): Html {
  const words = m.notes;
  const excluded = excludedSites.map(({ mall, code }) => words.noValue(mall, code));
  return html`<h2>${words.heading}</h2>
    ${list(m, words.excluded, excluded, words.noneExcluded)}
    ${list(m, words.qualityNotes, qualityNotes.map(words.qualityNote), words.noQualityNote)}
    ${list(m, words.files, notes.map(words.file), words.noNote)} `;
}

function list(m: Messages, title: string, lines: readonly string[], none: string): Html {
  if (lines.length === 0)
    return html`<h3>${title}</h3>
      <p>${none}</p>`;
  const left = lines.length - MOST_LINES;
  return html`<h3>${title}</h3>
    <ul>
      ${lines.slice(0, MOST_LINES).map((line) => html`<li>${line}</li>`)}
    </ul>
    ${left > 0 ? html`<p>${m.page.more(left)}</p>` : html``}`;
}
