// The addresses of a forecast's pictures and files. Each names its publication, so that a browser may keep what it got.
import type { Series } from '../reading/forecast-series.ts';
import type { View } from '../view.ts';
import type { ForecastPage } from '../reading/forecast-page.ts';

export const CHARTS = ['recent', 'year', 'weeks'] as const;
export type ChartKind = (typeof CHARTS)[number];

export interface PictureAsked {
  readonly kind: ChartKind;
  readonly size: 'wide' | 'narrow';
  readonly theme: 'light' | 'dark';
  /** True: a file to save, in place of a picture in a page. */
  readonly isSaved?: boolean;
}

type Of = Pick<ForecastPage, 'pipeline' | 'publication'>;
type Named = Pick<Series, 'kind' | 'key'>;

const seriesParams = ({ kind, key }: Named) => (kind === 'all' || key === null ? {} : { [kind]: key });

/** A picture is in the reader's language, whatever its browser prefers. */
export const chartPath = (
  { pipeline, publication }: Of,
  series: Named,
  { kind, size, theme, isSaved = false }: PictureAsked,
  view: View,
): string =>
  view.path(`/p/${pipeline.name}/forecast/chart.svg`, {
    at: publication?.id,
    ...seriesParams(series),
    chart: kind,
    size,
    theme,
    lang: view.asked.language,
    save: isSaved ? 1 : undefined,
  });

export const csvPath = ({ pipeline, publication }: Of, series: Named, view: View): string =>
  view.path(`/p/${pipeline.name}/forecast/days.csv`, { at: publication?.id, ...seriesParams(series) });

/** `carmila-000005-3fa9c1d2-site-A1-recent.svg`: letters that any file system takes. */
export const fileName = (publication: string, { kind, key }: Named, ending: string): string =>
  `${[publication, kind, ...(key === null ? [] : [key.replace(/[^A-Za-z0-9]+/g, '_').slice(0, 40)])].join('-')}${ending}`;
