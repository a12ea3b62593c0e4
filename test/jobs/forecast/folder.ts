// A small folder of good workbooks, of which a test changes the one file that it is about.
import { dayOf, isoDateOf } from '../../../jobs/forecast/series/panel.ts';
import { readFolder, type FolderReading, type SourceFile } from '../../../jobs/forecast/workbook/read.ts';
import { xlsx, type TestCell } from './workbooks.ts';

export const TODAY = dayOf('2025-03-31');

export const date = (iso: string): TestCell => ({ date: iso });

export const flux = (bytes: Buffer, name = '2025 flux quotidiens.xlsx'): SourceFile => ({
  role: 'flux',
  name,
  bytes,
});
export const transco = (bytes: Buffer): SourceFile => ({ role: 'transco', name: 'Transco.xlsx', bytes });
export const openings = (bytes: Buffer): SourceFile => ({
  role: 'openings',
  name: 'Recensement OE 2024.xlsx',
  bytes,
});

export const LONG_HEADER: readonly TestCell[] = ['Code site', 'Date', 'Flux'];
export const TRANSCO_HEADER: readonly TestCell[] = ['Code site', 'Nom mall', 'Cluster'];
export const OPENINGS_HEADER: readonly TestCell[] = ['Nom mall', 'Date', 'Ouvert'];

export const goodFlux = () =>
  flux(
    xlsx([
      LONG_HEADER,
      ['A1', date('2025-01-01'), 100],
      ['A2', date('2025-01-01'), 200],
      ['A1', date('2025-01-02'), 0],
    ]),
  );
export const goodTransco = () =>
  transco(xlsx([TRANSCO_HEADER, ['A1', 'Évry', 'Nord'], ['A2', 'Bègles', 'Sud']]));
export const goodOpenings = () => openings(xlsx([OPENINGS_HEADER, ['Évry', date('2025-01-05'), 'Oui']]));

/** Reads the good folder with the given files in place of those of their roles. */
export function readWith(...changed: readonly SourceFile[]): Promise<FolderReading> {
  const roles = new Set(changed.map(({ role }) => role));
  const rest = [goodFlux(), goodTransco(), goodOpenings()].filter(({ role }) => !roles.has(role));
  return readFolder([...rest, ...changed], TODAY);
}

/** The messages of a refusal; a failing test shows what was read instead. */
export const messagesOf = (reading: FolderReading): readonly string[] =>
  reading.kind === 'refused'
    ? reading.problems.map(({ message }) => message)
    : [`it was read: ${summary(reading)}`];

/** `A1 2025-01-01 100`, for every value of a panel. */
export function valuesOf(reading: FolderReading): readonly string[] {
  if (reading.kind === 'refused') return messagesOf(reading);
  const { sites, firstDay, lastDay, visits } = reading.panel;
  const days = lastDay - firstDay + 1;
  return [...visits].flatMap((value, at) =>
    Number.isNaN(value)
      ? []
      : [`${sites[Math.floor(at / days)]?.code} ${isoDateOf(firstDay + (at % days))} ${value}`],
  );
}

const summary = (reading: FolderReading): string => valuesOf(reading).slice(0, 5).join(', ');
