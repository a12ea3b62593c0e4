// Forecast: what is forecast of each site and cluster beside what came, where the error is, and which sites are off now.
import { html, NOTHING, type Html } from '../../../shared/page/html.ts';
import { screensOf } from '../navigation.ts';
import { readPage, type ForecastPage, type Shown } from '../reading/forecast-page.ts';
import { forecastIn } from '../reading/forecast.ts';
import { versionOf } from '../reading/pipelines.ts';
import { screen } from '../screen.ts';
import type { View } from '../view.ts';
import { SCREENS } from '../words/screens.ts';
import { clustersShown, offNowShown, sitesShown } from './forecast-lists.ts';
import { chooser, noForecast, notices, search } from './forecast-notices.ts';
import { seriesShown } from './forecast-series.ts';

export const forecast = screen<ForecastPage>({
  // What was published then does not change; the newest changes with the pipeline's state.
  version: async (asked, ports, depth) =>
    asked.query.get('at') || versionOf(forecastIn(asked.params['pipeline'], ports.pipelines), ports, depth),
  read: readPage,
  title: ({ pipeline, shown }, view) => {
    const name = shown?.series.name ?? null;
    return `${view.say(SCREENS.forecast)}${view.words.colon}${name === null ? pipeline.name : name.slice(0, 100)}`;
  },
  isWhole: ({ ledger }) => ledger === null,
  pace: () => 'calm',
  body: (data, view) =>
    html`${screensOf(data.pipeline, view)} ${notices(data, view)}
      <div class="forms">${search(data, view)} ${chooser(data, view)}</div>
      ${data.shown === null ? noForecast(data, view) : shownOf(data, data.shown, view)}`,
});

/** A site on a page of its own; a search alone with what it found; else everything. */
function shownOf(data: ForecastPage, shown: Shown, view: View): Html {
  const { series } = shown;
  if (shown.search !== '' && series.kind === 'all') return sitesShown(data, shown, view);
  const whole = series.kind === 'all';
  return html`${whole ? offNowShown(data, shown, view) : NOTHING} ${seriesShown(data, shown, view)}
  ${whole ? clustersShown(data, shown, view) : NOTHING} ${whole ? sitesShown(data, shown, view) : NOTHING}`;
}
