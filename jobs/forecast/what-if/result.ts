// The answer to a what-if request: each day beside the published forecast of the same day, as JSON and as CSV.
import { stringify } from 'csv-stringify';
import { Readable } from 'node:stream';
import type { WhatIfResult, WhatIfRow } from '../../../models/forecast/what-if.ts';
import type { Origin } from '../engine/engine.ts';
import type { Band, Intervals } from '../intervals/intervals.ts';
import { openingCalendar, type OpeningCalendar } from '../openings/openings.ts';
import { isoDateOf, type Panel } from '../series/panel.ts';
import type { Asked } from './asked.ts';

export interface Forecasts {
  readonly engine: string;
  readonly panel: Panel;
  readonly country: string;
  /** Both made on the evening of the last actual. */
  readonly published: Origin;
  readonly other: Origin;
  /** Of the published forecast: both have the errors of the same model before them. */
  readonly intervals: Intervals;
}

export function resultOf(forecasts: Forecasts, asked: Asked): WhatIfResult {
  const rows = [...rowsOf(forecasts, asked)];
  const forecast = rows.reduce((sum, row) => sum + row.forecast, 0);
  const published = rows.reduce((sum, row) => sum + row.published.forecast, 0);
  return {
    engine: forecasts.engine,
    lastActual: isoDateOf(forecasts.panel.lastDay),
    firstDay: isoDateOf(asked.from),
    lastDay: isoDateOf(asked.to),
    sites: asked.sites.length,
    changedDays: rows.filter(({ open, published: { open: before } }) => open !== before).length,
    total: { forecast, published, difference: forecast - published },
    rows,
  };
}

interface Side {
  readonly origin: Origin;
  readonly band: Band;
  readonly calendar: OpeningCalendar;
}

function* rowsOf(
  { panel, country, published, other, intervals }: Forecasts,
  asked: Asked,
): Generator<WhatIfRow> {
  const sideOf = (origin: Origin, of: Panel): Side => ({
    origin,
    band: intervals.around(origin),
    calendar: openingCalendar(of, country, asked.to),
  });
  const before = sideOf(published, panel);
  const after = sideOf(other, { ...panel, openings: asked.openings });
  for (const site of asked.sites) {
    for (let day = asked.from; day <= asked.to; day += 1) {
      const dayBy = ({ origin, band, calendar }: Side) => {
        const at = site * origin.days + (day - origin.asOf - 1);
        return {
          open: calendar.isOpen(site, day, origin.asOf),
          forecast: origin.predictions[at] ?? 0,
          low: band.lower[at] ?? 0,
          high: band.upper[at] ?? 0,
        };
      };
      const { mall = '' } = panel.sites[site] ?? {};
      yield { site: mall, date: isoDateOf(day), ...dayBy(after), published: dayBy(before) };
    }
  }
}

export const CSV_COLUMNS = [
  'site',
  'date',
  'open',
  'forecast',
  'low',
  'high',
  'published_open',
  'published_forecast',
  'published_low',
  'published_high',
] as const;

/** No cell is a formula to a spreadsheet: a text that begins like one is preceded by an apostrophe. */
export function resultAsCsv({ rows }: WhatIfResult): Readable {
  const source = Readable.from(rows.map(cellsOf));
  const csv = stringify({
    header: true,
    columns: [...CSV_COLUMNS],
    record_delimiter: 'unix',
    escape_formulas: true,
  });
  source.on('error', (error) => csv.destroy(error));
  csv.on('close', () => source.destroy());
  return source.pipe(csv);
}

const cellsOf = ({ site, date, published, ...own }: WhatIfRow): string[] => [
  site,
  date,
  ...[own, published].flatMap(({ open, forecast, low, high }) => [
    open ? 'yes' : 'no',
    ...[forecast, low, high].map(String),
  ]),
];
