// Writes a small Drive folder of workbooks, laid out as the analysts keep theirs, so that a fresh clone has data.
import { type CellValue, writeXlsx } from 'hucre/xlsx';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { atMidnight, calendarOf, type Day, dayOf, daysFrom } from './days.ts';
import { exceptionOn, hasReported, visitorsOn } from './footfall.ts';
import { SITES } from './sites.ts';

export interface SampleOptions {
  /** YYYY-MM-DD; the last actual is the day before. */
  readonly today: string;
  readonly seed: number;
}

type Rows = CellValue[][];

const SHORTEST_HISTORY_DAYS = 913;
const CENSUS_DAYS_AHEAD = 42;
const DATE_FORMAT = 'dd/mm/yyyy';

/**
 * Writes two and a half to three and a half years of daily visitors of twelve sites into `folder`, which is
 * made if need be: older years long (a row per site and day), the current one wide (a column per site).
 * Returns the names of the files. The same options give the same files. Throws RangeError for a `today` that
 * is no date.
 */
export async function writeSample(folder: string, { today, seed }: SampleOptions): Promise<string[]> {
  const last = dayOf(today) - 1;
  const currentYear = calendarOf(last).year;
  const firstYear = calendarOf(last - SHORTEST_HISTORY_DAYS).year;
  const first = dayOf(`${firstYear}-01-01`);

  const files: [name: string, sheet: string, rows: Rows][] = [];
  for (let year = firstYear; year < currentYear; year++) {
    const days = daysFrom(dayOf(`${year}-01-01`), dayOf(`${year}-12-31`));
    files.push([`${year} flux quotidiens.xlsx`, 'Flux', longRows(days, seed)]);
  }
  const days = daysFrom(dayOf(`${currentYear}-01-01`), last);
  files.push([`${currentYear} flux quotidiens.xlsx`, `Flux ${currentYear}`, wideRows(days, seed)]);
  files.push(['Transco.xlsx', 'Transco', transcoRows()]);
  const census = censusRows(daysFrom(first, last + CENSUS_DAYS_AHEAD), seed);
  files.push(['Recensement OE 2024.xlsx', 'OE', census]);

  await mkdir(folder, { recursive: true });
  for (const [name, sheet, rows] of files) {
    await writeWhole(join(folder, name), join(folder, `.${name}.partial`), await workbook(sheet, rows, last));
  }
  return files.map(([name]) => name);
}

function longRows(days: readonly Day[], seed: number): Rows {
  const rows: Rows = [['Code site', 'Date', 'Flux']];
  for (const day of days) {
    for (const site of SITES) {
      if (hasReported(site, day, seed)) {
        rows.push([site.code, atMidnight(day), visitorsOn(site, day, seed)]);
      }
    }
  }
  return rows;
}

function wideRows(days: readonly Day[], seed: number): Rows {
  const rows: Rows = [['Date', ...SITES.map((site) => site.code)]];
  for (const day of days) {
    // On the last day everyone has reported, so that there is no doubt which day it is.
    const counts = SITES.map((site) =>
      day === days.at(-1) || hasReported(site, day, seed) ? visitorsOn(site, day, seed) : null,
    );
    rows.push([atMidnight(day), ...counts]);
  }
  return rows;
}

function transcoRows(): Rows {
  return [['Code site', 'Nom mall', 'Cluster'], ...SITES.map((site) => [site.code, site.mall, site.cluster])];
}

function censusRows(days: readonly Day[], seed: number): Rows {
  const rows: Rows = [['Nom mall', 'Date', 'Ouvert']];
  for (const day of days) {
    for (const site of SITES) {
      const exception = exceptionOn(site, day, seed);
      if (exception !== undefined) rows.push([site.mall, atMidnight(day), exception ? 'Oui' : 'Non']);
    }
  }
  return rows;
}

async function workbook(name: string, rows: Rows, lastActual: Day): Promise<Uint8Array> {
  const header = rows[0] ?? [];
  const savedAt = atMidnight(lastActual + 1);
  return writeXlsx({
    sheets: [
      {
        name,
        rows,
        columns: header.map((title) =>
          title === 'Date' ? { width: 12, numFmt: DATE_FORMAT } : { width: 24 },
        ),
        freezePane: { rows: 1 },
      },
    ],
    properties: { creator: 'Sluice', created: savedAt, modified: savedAt },
  });
}

/** A name that begins with a dot is not listed by Drive, so no reader gets half a workbook. */
async function writeWhole(path: string, partialPath: string, bytes: Uint8Array): Promise<void> {
  await writeFile(partialPath, bytes);
  await rename(partialPath, path);
}
