// The files of a forecast: its charts as pictures, and the days of a series as CSV.
import type { PageFile } from '../file.ts';
import { PageProblem } from '../problem.ts';
import type { Asked, Ports } from '../ports.ts';
import { forecastAsked, isRead, seriesAsked, type Series } from '../reading/forecast-series.ts';
import type { ReadForecast } from '../reading/forecast-shape.ts';
import { CHARTS, fileName, type ChartKind } from './forecast-addresses.ts';

interface ShownSeries {
  readonly forecast: ReadForecast;
  readonly series: Series;
  readonly publication: string;
}

async function shownIn(asked: Asked, ports: Ports): Promise<ShownSeries> {
  const asking = await forecastAsked(asked, ports, false);
  const { pipeline, publication, forecast } = asking;
  const choices = [{ name: 'forecast', path: `/p/${pipeline.name}/forecast` }];
  if (publication === null)
    throw new PageProblem('not-found', `${pipeline.name}: nothing was published yet`, choices);
  if (!isRead(forecast))
    throw new PageProblem('not-found', `${publication.id}: its stored output cannot be read`, choices);
  return { forecast, series: await seriesAsked(asked, asking, forecast), publication: publication.id };
}

/** ECharts and what draws with it are loaded by the first picture that is asked for. */
export async function forecastPicture(asked: Asked, ports: Ports): Promise<PageFile> {
  const kind = chartIn(asked.query);
  const { forecast, series, publication } = await shownIn(asked, ports);
  const { forecastDrawing } = await import('../later/forecast-drawing.ts');
  const { query, language } = asked;
  const content = forecastDrawing(forecast, series, {
    kind,
    language,
    size: query.get('size') === 'narrow' ? 'narrow' : 'wide',
    theme: query.get('theme') === 'dark' ? 'dark' : 'light',
  });
  if (content === undefined)
    throw new PageProblem('not-found', `${series.name ?? ''}: it has no days of its own`);
  return {
    type: 'image/svg+xml',
    content,
    isFixed: query.has('at') && query.has('lang'),
    ...(query.has('save') && { download: fileName(publication, series, `-${kind}.svg`) }),
  };
}

function chartIn(query: URLSearchParams): ChartKind {
  const asked = query.get('chart') ?? '';
  const found = CHARTS.find((kind) => kind === asked);
  if (found !== undefined) return found;
  throw new PageProblem('invalid', `chart=${asked.slice(0, 50)}: one of ${CHARTS.join(', ')}`);
}

export async function forecastCsv(asked: Asked, ports: Ports): Promise<PageFile> {
  const { forecast, series, publication } = await shownIn(asked, ports);
  const { forecastRows } = await import('./forecast-rows.ts');
  return {
    type: 'text/csv; charset=utf-8',
    content: forecastRows(forecast, series),
    download: fileName(publication, series, '.csv'),
    isFixed: asked.query.has('at'),
  };
}
