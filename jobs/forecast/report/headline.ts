// The numbers to see in one minute.
import type { ForecastMetrics } from '../output/metrics.ts';
import type { Foreseen } from '../backtest/evidence.ts';
import { visitsOn } from '../series/panel.ts';
import { html, type Html } from '../../../shared/page/html.ts';
import { tile } from '../../../shared/report/tile.ts';
import type { Messages } from './language/english.ts';

const COMING_DAYS = 28;
/** The same weekdays a year earlier. */
const YEAR = 364;

export function headline(m: Messages, metrics: ForecastMetrics, foreseen: Foreseen): Html {
  const { model, naiveLastWeek, naiveMeanOfFour } = metrics.backtest.total;
  const { within, below, above } = metrics.coverage.total;
  const sixWeeks = metrics.backtest.horizonWeeks.filter(({ week }) => week <= 6);
  const naiveSix = meanOf(sixWeeks.flatMap(({ naiveMeanOfFour: { wape } }) => (wape === null ? [] : [wape])));
  const words = m.headline;
  const { percent, signedPercent } = m.format;
  return html`<div class="tiles">
    ${tile(words.oneWeek, percent(model.wape), words.oneWeekBeside(naiveLastWeek.wape, naiveMeanOfFour.wape))}
    ${tile(words.sixWeeks, percent(metrics.backtest.wapeHorizon), words.sixWeeksBeside(naiveSix))}
    ${tile(words.bias, signedPercent(model.bias), words.biasBeside(model.mae, model.rmse))}
    ${tile(words.band, percent(within), words.bandBeside(below, above))} ${comingWeeks(m, foreseen)}
  </div> `;
}

/** The sum of the next weeks; and its change on last year, over the days and sites that are known from then. */
function comingWeeks(m: Messages, { panel, from, predictions }: Foreseen): Html {
  const width = predictions.length / panel.sites.length;
  const last = Math.min(panel.lastDay + COMING_DAYS, from + width - 1);
  let [coming, alike, then] = [0, 0, 0];
  for (let site = 0; site < panel.sites.length; site += 1) {
    for (let day = panel.lastDay + 1; day <= last; day += 1) {
      const predicted = predictions[site * width + day - from] ?? 0;
      const visits = visitsOn(panel, site, day - YEAR);
      coming += predicted;
      if (Number.isNaN(visits)) continue;
      alike += predicted;
      then += visits;
    }
  }
  const { headline: words, format } = m;
  const change = then > 0 ? words.change(alike / then - 1) : words.noYearBefore;
  return tile(words.coming(last - panel.lastDay), format.whole(coming), change);
}

const meanOf = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
