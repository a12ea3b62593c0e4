// Draws the charts of a forecast, with ECharts. When deployed, a file of its own, which the first picture loads.
import type { Language } from '../../../shared/page/languages.ts';
import type { Draw, Size } from '../../../shared/report/figure.ts';
import { dailyOf, daysFrom, recentDays } from '../../../shared/report/forecast/days.ts';
import { recentAtFull, recentKeys, recentKeysWithLastYear } from '../../../shared/report/forecast/recent.ts';
import { errorsByWeek, weekKeys } from '../../../shared/report/forecast/weeks.ts';
import { chartLanguage, type ChartLanguage } from '../../../shared/report/forecast/words.ts';
import { yearKeys, yearOf } from '../../../shared/report/forecast/year.ts';
import type { Key } from '../../../shared/report/legend.ts';
import { picture, type Theme } from '../../../shared/report/picture.ts';
import type { ReadForecast } from '../reading/forecast-shape.ts';
import type { Series } from '../reading/forecast-series.ts';
import type { ChartKind } from '../screens/forecast-addresses.ts';
import { wordsOf } from '../view.ts';
import { FORECAST_WORDS } from '../words/forecast.ts';

/** A phone shows its own drawing: scaled down, the wide one could not be read. */
const SIZES: Readonly<Record<'wide' | 'narrow', Size>> = {
  wide: { width: 900, height: 300 },
  narrow: { width: 300, height: 250 },
};

export interface DrawnAs {
  readonly kind: ChartKind;
  readonly size: keyof typeof SIZES;
  readonly theme: Theme;
  readonly language: Language;
}

/** Undefined where the series has no days of its own. */
export function forecastDrawing(forecast: ReadForecast, series: Series, as: DrawnAs): string | undefined {
  const m = chartLanguage(as.language);
  const words = FORECAST_WORDS[as.language];
  const name = series.name ?? words.allSites;
  const chart = chartOf(m, forecast, series, as.kind);
  if (chart === undefined) return undefined;
  const { keys, draw } = chart;
  return picture(
    { title: `${name}${wordsOf(as.language).colon}${words.charts[as.kind].title}`, keys },
    SIZES[as.size],
    as.theme,
    draw,
  );
}

function chartOf(
  m: ChartLanguage,
  { index, kind: source }: ReadForecast,
  { days: stored, weeks }: Series,
  kind: ChartKind,
): { readonly keys: readonly Key[]; readonly draw: Draw } | undefined {
  if (kind === 'weeks') return { keys: weekKeys(m, weeks), draw: errorsByWeek(m, weeks) };
  if (stored === null) return undefined;
  const days = dailyOf(index, stored);
  if (kind === 'year') return { keys: yearKeys(m), draw: yearOf(m, daysFrom(days, index.tableFrom)) };
  const keys = source === 'files' ? recentKeysWithLastYear(m) : recentKeys(m);
  return { keys, draw: recentAtFull(m, recentDays(days)) };
}
