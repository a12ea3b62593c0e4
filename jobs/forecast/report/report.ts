// The page that an analyst opens: is this forecast good, where is it not, and what comes next.
import type { ForecastMetrics } from '../output/metrics.ts';
import type { Published } from '../output/published.ts';
import type { Evidence } from '../backtest/evidence.ts';
import type { Panel } from '../series/panel.ts';
import { chooseSites } from './chosen.ts';
import { coverageByHorizon, errorByHorizon, errorByWeek, errorByWeekday } from './errors.ts';
import { figure } from '../../../shared/report/figure.ts';
import { headline } from './headline.ts';
import { html, type Html } from '../../../shared/page/html.ts';
import type { Messages } from './language/english.ts';
import { messagesIn } from './language/languages.ts';
import { LANGUAGES, type Language } from '../../../shared/page/languages.ts';
import { reportFile } from '../../../shared/report/report-file.ts';
import { dataNotes } from './notes.ts';
import { sitesOffNow } from './off-now.ts';
import { dailyOf, daysFrom, recentDays } from '../../../shared/report/forecast/days.ts';
import { recentAtFull, recentKeysWithLastYear } from '../../../shared/report/forecast/recent.ts';
import { yearKeys, yearOf } from '../../../shared/report/forecast/year.ts';
import { siteSections } from './sites.ts';
import { wholePage } from '../../../shared/report/whole-page.ts';
import { clusterTable, horizonTable, siteTable } from './tables.ts';

export interface Reported {
  readonly pipeline: string;
  readonly metrics: ForecastMetrics;
  readonly evidence: Evidence;
  /** The visitors as they were reported, outliers among them. */
  readonly panel: Panel;
  /** The days that the charts show; the console shows the same. */
  readonly published: Published;
}

/** The report in every language, under the names of its files. */
export const reportPages = (reported: Reported) =>
  LANGUAGES.map((language) => ({ name: reportFile(language), page: reportOf(reported, language) }));

/** Without a script: one page of HTML that needs nothing but itself. The same input, the same bytes. */
export function reportOf(reported: Reported, language: Language): string {
  const { pipeline, metrics, evidence, panel, published } = reported;
  const m = messagesIn(language);
  const { backtest, coverage } = metrics;
  const source = { m, backtest, published };
  const chosen = chooseSites(panel, backtest, metrics.offNow);
  const main = html`<h1>${m.page.heading(pipeline)}</h1>
    <p>${m.page.intro(metrics.sites, metrics.lastActual, metrics.lastDay, metrics.engine)}</p>
    ${sitesOffNow(source, metrics.offNow, chosen.off)} ${headline(m, metrics, evidence.recent)}
    <h2>${m.page.allSites}</h2>
    ${allSites(m, metrics, published)}
    <h2>${m.page.errors}</h2>
    <div class="grid halves">
      ${errorByWeek(m, published)}${errorByHorizon(m, backtest)}${errorByWeekday(m, backtest)}${coverageByHorizon(m, coverage)}
    </div>
    ${horizonTable(m, backtest, coverage)} ${siteSections(source, chosen)}
    <h2>${m.page.clusters}</h2>
    ${clusterTable(m, backtest)} ${dataNotes(m, metrics)}
    <h2>${m.page.siteTable}</h2>
    ${siteTable(m, backtest)}
    <h2>${m.page.howMeasured}</h2>
    <p>${m.page.method}</p>`;
  return wholePage({ language, title: m.page.title(pipeline, metrics.lastActual), main });
}

function allSites(m: Messages, metrics: ForecastMetrics, { index }: Published): Html {
  const { chart } = m;
  const days = dailyOf(index, index.all);
  const recent = {
    title: chart.recentOfAll,
    keys: recentKeysWithLastYear(m),
    caption: chart.recentOfAllCaption(metrics.coverageOfTotal.total.within),
  };
  const year = { title: chart.year, keys: yearKeys(m), caption: chart.yearCaption };
  return html`${figure('recent', recent, 'full', recentAtFull(m, recentDays(days)))}
  ${figure('year', year, 'full', yearOf(m, daysFrom(days, index.tableFrom)))}`;
}
