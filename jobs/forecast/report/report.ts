// The page that an analyst opens: is this forecast good, where is it not, and what comes next.
import type { ForecastMetrics } from '../output/metrics.ts';
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
import { recentDays, recentKeys, recentOfAll } from './recent.ts';
import { siteSections } from './sites.ts';
import { wholePage } from '../../../shared/report/whole-page.ts';
import { clusterTable, horizonTable, siteTable } from './tables.ts';
import { yearKeys, yearOfAll } from './year.ts';

export interface Reported {
  readonly pipeline: string;
  readonly metrics: ForecastMetrics;
  readonly evidence: Evidence;
  /** The visitors as they were reported, outliers among them. */
  readonly panel: Panel;
}

/** The report in every language, under the names of its files. */
export const reportPages = (reported: Reported) =>
  LANGUAGES.map((language) => ({ name: reportFile(language), page: reportOf(reported, language) }));

/** Without a script. */
export function reportOf({ pipeline, metrics, evidence, panel }: Reported, language: Language): string {
  const m = messagesIn(language);
  const { backtest, coverage } = metrics;
  const source = { m, backtest, reported: panel, recent: evidence.recent };
  const chosen = chooseSites(panel, backtest, metrics.offNow);
  const main = html`<h1>${m.page.heading(pipeline)}</h1>
    <p>${m.page.intro(metrics.sites, metrics.lastActual, metrics.lastDay, metrics.engine)}</p>
    ${sitesOffNow(source, metrics.offNow, chosen.off)} ${headline(m, metrics, evidence.recent)}
    <h2>${m.page.allSites}</h2>
    ${allSites(m, metrics, evidence)}
    <h2>${m.page.errors}</h2>
    <div class="grid halves">
      ${errorByWeek(m, backtest)}${errorByHorizon(m, backtest)}${errorByWeekday(m, backtest)}${coverageByHorizon(m, coverage)}
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

function allSites(m: Messages, metrics: ForecastMetrics, { whole }: Evidence): Html {
  const { chart } = m;
  const recent = {
    title: chart.recentOfAll,
    keys: recentKeys(m),
    caption: chart.recentOfAllCaption(metrics.coverageOfTotal.total.within),
  };
  const year = { title: chart.year, keys: yearKeys(m), caption: chart.yearCaption };
  return html`${figure('recent', recent, 'full', recentOfAll(m, recentDays(whole.panel, whole.recent, 0)))}
  ${figure('year', year, 'full', yearOfAll(m, whole))}`;
}
