// The page that an analyst opens: is this forecast good, where is it not, and what comes next.
import type { ForecastMetrics } from '../output/metrics.ts';
import type { Evidence } from '../proof/evidence.ts';
import { dayOf, type Panel } from '../series/panel.ts';
import { course } from './course.ts';
import { coverageByHorizon, errorByHorizon, errorByWeek, errorByWeekday } from './errors.ts';
import { headline } from './headline.ts';
import { html, Html } from './html.ts';
import { sitesOffNow } from './off-now.ts';
import { oddities } from './oddities.ts';
import { extremeSites } from './sites.ts';
import { STYLE } from './style.ts';
import { clusterTable, horizonTable, siteTable } from './tables.ts';
import { percent, shownDay } from './words.ts';

/** More sites than this are folded away until somebody asks. */
const UNFOLDED_SITES = 25;

export interface Reported {
  readonly pipeline: string;
  readonly metrics: ForecastMetrics;
  readonly evidence: Evidence;
  /** What was learnt from. */
  readonly panel: Panel;
}

/** One page of HTML that needs nothing but itself: no script, nothing fetched. The same input, the same bytes. */
export function reportOf(reported: Reported): string {
  const { pipeline, metrics, evidence } = reported;
  const { proof } = metrics;
  const from = dayOf(metrics.firstDay);
  const foreseen = { panel: reported.panel, predictions: evidence.predictions, band: evidence.band };
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Forecast of ${pipeline} from ${metrics.lastActual}</title>
<style>${new Html(STYLE)}</style>
</head>
<body>
<main>
<h1>Visitors forecast for ${pipeline}</h1>
<p>${metrics.sites} sites, actuals to ${shownDay(metrics.lastActual)}, forecast to ${shownDay(metrics.lastDay)}, made by
${metrics.engine}. Every error here is out of sample: each week was forecast from the Sunday before it, and the naive
forecasts beside it know the same openings.</p>
${sitesOffNow(metrics.offNow)}
${headline(metrics, foreseen)}
<h2>All sites together</h2>
${course(
  'total',
  {
    title: 'Visitors of all sites, actual and predicted',
    caption:
      'Up to the last actual, each week as it was forecast the Sunday before; then the forecast to come. The band of the ' +
      `total held ${percent(metrics.coverageOfTotal.total.within)} of the days of the year. Days on which nearly all sites are closed are left out.`,
  },
  { width: 1100, height: 380 },
  evidence.whole,
  0,
  from,
)}
<h2>Where the error is</h2>
<div class="grid">
${errorByWeek(proof)}${errorByHorizon(proof)}${errorByWeekday(proof)}${coverageByHorizon(metrics.coverage)}</div>
${horizonTable(proof, metrics.coverage)}
${extremeSites(proof, foreseen, from)}
<h2>Clusters</h2>
${clusterTable(proof)}
${oddities(metrics)}
<h2>Sites</h2>
<details${new Html(proof.sites.length <= UNFOLDED_SITES ? ' open' : '')}>
<summary>All ${proof.sites.length} sites, the worst first</summary>
${siteTable(proof)}
</details>
<h2>How this is measured</h2>
<p>WAPE is the sum of absolute errors over the sum of visitors; MAE and RMSE are in visitors a day of a site; bias above 0
means too high. “Last week’s” is the last known open day of the same weekday, “mean of four’s” the mean of the last four.
The band runs from 10 % to 90 % of what may come; it is learnt from the errors of earlier forecasts, as far as they were
known on the day of each forecast.</p>
</main>
</body>
</html>
`.markup;
}
