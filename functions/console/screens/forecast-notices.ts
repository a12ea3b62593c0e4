// Above a forecast: of which publication it is, what is missing from it, and how to choose a site or another publication.
import { commandLine } from '../../../shared/command-line.ts';
import { html, NOTHING, type Html } from '../../../shared/page/html.ts';
import { choosing, select } from '../fields.ts';
import { missingShown } from '../missing.ts';
import { why } from '../parts.ts';
import type { View } from '../view.ts';
import { FORECAST_WORDS } from '../words/forecast.ts';
import type { ForecastPage } from '../reading/forecast-page.ts';
import { asOf } from './past.ts';

/** What links of the page keep: the publication, if it was chosen, and nothing else. */
export const keptAt = ({ asked }: View): { readonly at: string | undefined } => ({
  at: asked.query.get('at') || undefined,
});

export function notices({ pipeline, publication, isPast, ledger, shown }: ForecastPage, view: View): Html {
  const words = view.say(FORECAST_WORDS);
  if (publication === null) return html`<p>${view.words.noPublication}</p>`;
  const lacking = isPast ? 'publications' : 'ledger';
  return html`${ledger === null ? NOTHING : missingShown(lacking, ledger, view)}
  ${isPast ? asOf(publication.id, `/p/${pipeline.name}/forecast`, view) : NOTHING}
  ${shown?.source === 'tables' ? html`<p class="notice">${words.fromTables}</p>` : NOTHING}`;
}

export function noForecast({ missing, publication, pipeline }: ForecastPage, view: View): Html {
  if (missing === null) return NOTHING;
  const words = view.say(FORECAST_WORDS);
  const text = missing.kind === 'expired' ? words.expired : words.tooLarge;
  return html`<p>${text} <code>${missing.object}</code></p>
    ${why({ objects: [missing.object], line: commandLine(pipeline.name, `run ${publication?.run ?? ''}`) }, view)}`;
}

const hidden = (name: string, value: string | null | undefined): Html =>
  value === null || value === undefined || value === ''
    ? NOTHING
    : html`<input type="hidden" name="${name}" value="${value}" />`;

/** A plain form: thousands of sites are found by some of their letters, not in a list of all. */
export function search({ pipeline, shown }: ForecastPage, view: View): Html {
  if (shown === null) return NOTHING;
  const { search: wanted, order } = shown;
  const words = view.say(FORECAST_WORDS);
  const { query } = view.asked;
  return html`<form class="inline" method="get" action="/p/${pipeline.name}/forecast" role="search">
    ${hidden('lang', query.get('lang'))} ${hidden('at', query.get('at'))}
    ${hidden('order', order === 'name' ? order : null)}
    <label
      >${words.search} <input type="search" name="q" value="${wanted}" maxlength="200" autocomplete="off"
    /></label>
    <button>${words.find}</button>
  </form>`;
}

export function chooser({ publication, publications }: ForecastPage, view: View): Html {
  if (publication === null) return NOTHING;
  const words = view.say(FORECAST_WORDS);
  const { query } = view.asked;
  const all = publications.includes(publication.id) ? publications : [publication.id, ...publications];
  const options = all.map((id) => ({ value: id, text: id }));
  return choosing(
    html`${hidden('site', query.get('site'))} ${hidden('cluster', query.get('cluster'))}
    ${select('at', view.words.labels.publication, options, publication.id)}`,
    words.show,
    view,
  );
}
