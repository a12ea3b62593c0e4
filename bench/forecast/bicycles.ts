// Daily counts of the bicycle counters as a panel: data whose level moves, and with less than a year of history.
import { DuckDBInstance } from '@duckdb/node-api';
import { dayOf, type Panel } from '../../jobs/forecast/series/panel.ts';

/** A day with fewer hours than this was not reported. */
const LEAST_HOURS = 20;

/** `file` is the city's export, gzipped CSV. The counters are never closed: a day without a bicycle is a closed one. */
export async function bicyclePanel(file: string): Promise<Panel> {
  const connection = await (await DuckDBInstance.create()).connect();
  const counted = await connection.runAndReadAll(
    `SELECT "Identifiant du compteur", left("Date et heure de comptage", 10) AS day,
            sum("Comptage horaire"::INT)::INT, count(*)::INT
     FROM read_csv($file, delim = ';', all_varchar = true) GROUP BY ALL ORDER BY ALL`,
    { file },
  );
  const rows = counted.getRows() as [string, string, number, number][];
  connection.closeSync();
  const codes = [...new Set(rows.map(([code]) => code))];
  const all = rows.filter(([, , , hours]) => hours >= LEAST_HOURS);
  const firstDay = Math.min(...all.map(([, day]) => dayOf(day)));
  const lastDay = Math.max(...all.map(([, day]) => dayOf(day)));
  const days = lastDay - firstDay + 1;
  const visits = new Float64Array(codes.length * days).fill(Number.NaN);
  for (const [code, day, count] of all) visits[codes.indexOf(code) * days + dayOf(day) - firstDay] = count;
  const exception = (site: number, day: number) =>
    visits[site * days + day - firstDay] === 0 ? false : undefined;
  return {
    sites: codes.map((code) => ({ code, mall: code, cluster: 'Paris' })),
    firstDay,
    lastDay,
    visits,
    openings: { lastDay, exception },
  };
}
