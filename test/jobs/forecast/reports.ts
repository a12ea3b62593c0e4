// Reports made from panels in memory, with the seasonal engine, for tests of the page.
import { seasonalEngine } from '../../../jobs/forecast/engine/seasonal.ts';
import { metricsOf, type ForecastMetrics } from '../../../jobs/forecast/output/metrics.ts';
import { publishedOf } from '../../../jobs/forecast/output/published.ts';
import { evidenceOf } from '../../../jobs/forecast/backtest/evidence.ts';
import type { Language } from '../../../shared/page/languages.ts';
import { reportOf, type Reported } from '../../../jobs/forecast/report/report.ts';
import { filterOutliers } from '../../../jobs/forecast/series/outlier-filter.ts';
import { weekdayOf, type Day, type Panel } from '../../../jobs/forecast/series/panel.ts';
import { yearStart } from '../../../jobs/forecast/series/today.ts';
import { panelOf } from './panels.ts';

/** Closed on Sundays. */
const visits = (day: Day) => (weekdayOf(day) === 6 ? 0 : 900 + (day % 5) * 40);

/** One site for each name, to Friday 14 March 2025. */
export const panelNamed = (malls: readonly string[], cluster = 'Nord', visitsOf = [visits]): Panel => {
  const panel = panelOf(
    '2024-01-01',
    '2025-03-14',
    malls.map((_, index) => ({ visits: visitsOf[index] ?? visits })),
  );
  return { ...panel, sites: malls.map((mall, index) => ({ code: `S${index}`, mall, cluster })) };
};

export async function reportedOf(panel: Panel, odd: Partial<ForecastMetrics> = {}): Promise<Reported> {
  const filtered = filterOutliers(panel).panel;
  const span = { panel: filtered, from: yearStart(panel.lastDay), to: panel.lastDay + 84 };
  const forecast = await seasonalEngine('FR').forecast({ ...span, progress: () => undefined });
  const evidence = evidenceOf(span, forecast.walk, 'FR');
  const { predictions } = evidence;
  const nothing = { excluded: [], notes: [], qualityNotes: [] };
  const table = { ...span, panel, predictions };
  const metrics = { ...metricsOf(table, nothing, evidence, 'seasonal-baseline', {}), ...odd };
  return { pipeline: 'carmila', metrics, evidence, panel, published: publishedOf(table, evidence, metrics) };
}

export const pageOf = async (
  panel: Panel,
  odd: Partial<ForecastMetrics> = {},
  language: Language = 'en',
): Promise<string> => reportOf(await reportedOf(panel, odd), language);
