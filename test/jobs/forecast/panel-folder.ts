// Writes a panel as the folder of workbooks that the job reads, as it stood on an evening.
import { dayCount, isoDateOf, type Day, type Panel } from '../../../jobs/forecast/series/panel.ts';
import type { SourceFile } from '../../../jobs/forecast/workbook/read.ts';
import { date, flux, openings, OPENINGS_HEADER, transco, TRANSCO_HEADER } from './folder.ts';
import { xlsx, type TestCell } from './workbooks.ts';

/** One wide flux file for each year up to `lastDay`, Transco, and the whole census of the panel. */
export function* folderOf(panel: Panel, lastDay: Day = panel.lastDay): Generator<SourceFile> {
  const years = new Map<string, Day[]>();
  for (let day = panel.firstDay; day <= lastDay; day += 1) {
    const year = isoDateOf(day).slice(0, 4);
    const days = years.get(year) ?? [];
    years.set(year, days);
    days.push(day);
  }
  for (const [year, days] of years) yield flux(wideFlux(panel, days), `${year} flux quotidiens.xlsx`);
  yield transco(
    xlsx([TRANSCO_HEADER, ...panel.sites.map(({ code, mall, cluster }) => [code, mall, cluster])]),
  );
  yield openings(xlsx([OPENINGS_HEADER, ...censusOf(panel)]));
}

function wideFlux(panel: Panel, days: readonly Day[]): Buffer {
  const rows = days.map((day): TestCell[] => [
    date(isoDateOf(day)),
    ...panel.sites.map((_, site) => {
      const visits = panel.visits[site * dayCount(panel) + day - panel.firstDay] ?? Number.NaN;
      return Number.isNaN(visits) ? null : visits;
    }),
  ]);
  return xlsx([['Date', ...panel.sites.map(({ code }) => code)], ...rows]);
}

function censusOf({ sites, firstDay, openings: { lastDay = firstDay - 1, exception } }: Panel): TestCell[][] {
  return sites.flatMap(({ mall }, site) => {
    const lines: TestCell[][] = [];
    for (let day = firstDay; day <= lastDay; day += 1) {
      const isOpen = exception(site, day);
      if (isOpen !== undefined) lines.push([mall, date(isoDateOf(day)), isOpen ? 'Oui' : 'Non']);
    }
    return lines;
  });
}
