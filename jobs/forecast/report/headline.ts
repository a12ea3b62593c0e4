// The numbers that somebody with a minute should see.
import type { ForecastMetrics } from '../output/metrics.ts';
import type { Foreseen } from '../proof/evidence.ts';
import { dayOf, visitsOn, type Day } from '../series/panel.ts';
import { html, type Html } from './html.ts';
import { percent, signedPercent, whole } from './words.ts';

const WEEK = 7;
const NEXT_WEEKS = 4;
/** The same weekdays a year earlier. */
const YEAR = 364;

export function headline(metrics: ForecastMetrics, foreseen: Foreseen): Html {
  const { model, naiveLastWeek, naiveMeanOfFour } = metrics.proof.total;
  const { within, below, above } = metrics.coverage.total;
  const sixWeeks = metrics.proof.horizonWeeks.filter(({ week }) => week <= 6);
  const naiveSix = meanOf(sixWeeks.flatMap(({ naiveMeanOfFour: { wape } }) => (wape === null ? [] : [wape])));
  return html`<div class="tiles">
    ${tile('Error one week ahead (WAPE)', percent(model.wape), `naive: ${percent(naiveLastWeek.wape)} same weekday of last week, ${percent(naiveMeanOfFour.wape)} mean of the last four`)}
    ${tile('Error one to six weeks ahead', percent(metrics.proof.wapeHorizon), `naive: ${percent(naiveSix)} mean of the last four`)}
    ${tile('Bias', signedPercent(model.bias), `${whole(model.mae)} visitors mean error a day of a site (RMSE ${whole(model.rmse)})`)}
    ${tile('Within the band of 10 to 90 %', percent(within), `${percent(below)} below, ${percent(above)} above; 80 % is promised`)}
    ${comingWeeks(foreseen, dayOf(metrics.firstDay))}
  </div> `;
}

/** The sum of the next weeks; and its change on last year, over the days and sites that are known from then. */
function comingWeeks({ panel, predictions }: Foreseen, from: Day): Html {
  const width = predictions.length / panel.sites.length;
  const last = Math.min(panel.lastDay + NEXT_WEEKS * WEEK, from + width - 1);
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
  const change =
    then > 0
      ? `${signedPercent(alike / then - 1)} on the same days of last year, where known`
      : 'no year before to compare with';
  const days = last - panel.lastDay;
  const what = days === NEXT_WEEKS * WEEK ? 'next four weeks' : `next ${days} days`;
  return tile(`Visitors, ${what}`, whole(coming), change);
}

const meanOf = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;

const tile = (name: string, value: string, beside: string): Html =>
  html`<div class="tile"><span>${name}</span><b>${value}</b><small>${beside}</small></div>`;
