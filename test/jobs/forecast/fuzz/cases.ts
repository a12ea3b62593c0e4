// The fuzzer's cases, each by its seed: what was written has to be read, what is broken has to be refused or read.
import { isoDateOf } from '../../../../jobs/forecast/series/panel.ts';
import { readFolder, type FolderReading } from '../../../../jobs/forecast/workbook/read.ts';
import { visible } from '../../../../jobs/forecast/workbook/words.ts';
import {
  date,
  flux,
  LONG_HEADER,
  messagesOf,
  openings,
  OPENINGS_HEADER,
  TODAY,
  transco,
  TRANSCO_HEADER,
  valuesOf,
} from '../folder.ts';
import { partsOf, sheetXml, xlsx, type TestCell } from '../workbooks.ts';
import { broken } from './broken.ts';
import { Chance } from './chance.ts';
import { written, type Known } from './written.ts';

const FIRST_DAY = TODAY - 80;
const LARGEST_COUNT = 10_000_000;
const CODES = ['A1', '2', '012', 'É&<3'];
const MALLS = ['Évry 2', 'Bègles', 'L’Île & Cie', 'Saint  Brice'];

const FLUX: readonly (readonly TestCell[])[] = [
  LONG_HEADER,
  ['A1', date('2025-01-01'), 7],
  ['A1', date('2025-01-02'), { formula: '4+4', value: 8 }],
];
const TRANSCO: readonly (readonly TestCell[])[] = [TRANSCO_HEADER, ['A1', 'Évry', 'Nord']];
const OPENINGS: readonly (readonly TestCell[])[] = [OPENINGS_HEADER, ['Évry', date('2025-01-05'), 'Oui']];

const sites = (): Known[][] => [
  ['Code site', 'Nom mall', 'Cluster'],
  ...CODES.map((code, index): Known[] => [code, MALLS[index] ?? '', 'Nord']),
];
const census = (): Known[][] => [
  ['Nom mall', 'Date', 'Ouvert'],
  ['Évry 2', { day: isoDateOf(FIRST_DAY) }, 'Oui'],
];

/** Undefined when the case holds; otherwise what was found instead. */
export const failureOf = (seed: number): Promise<string | undefined> =>
  seed % 3 === 0 ? failureOfWritten(seed) : failureOfBroken(seed);

async function failureOfWritten(seed: number): Promise<string | undefined> {
  const chance = new Chance(seed);
  const { rows, expected } = knownFlux(chance);
  const reading = await readFolder(
    [transco(written(sites(), chance)), openings(written(census(), chance)), flux(written(rows, chance))],
    TODAY,
  );
  const found = [...valuesOf(reading)].sort();
  return found.join('\n') === expected.toSorted().join('\n')
    ? undefined
    : `read ${found.join(' | ')}; expected ${expected.toSorted().join(' | ')}`;
}

function knownFlux(chance: Chance): { rows: Known[][]; expected: string[] } {
  const expected: string[] = [];
  const isLong = chance.is(2);
  const rows: Known[][] = isLong ? [['Code site', 'Date', 'Flux']] : [['Date', ...CODES]];
  for (let day = FIRST_DAY; day < FIRST_DAY + 4; day += 1) {
    const iso = isoDateOf(day);
    const counts = CODES.map((code) => {
      const count = chance.is(4) && expected.length > 0 ? null : chance.below(20_000);
      if (count !== null) expected.push(`${code} ${iso} ${count}`);
      return { code, count };
    });
    if (isLong) rows.push(...counts.map(({ code, count }): Known[] => [code, { day: iso }, count]));
    else rows.push([{ day: iso }, ...counts.map(({ count }) => count)]);
  }
  return { rows, expected };
}

async function failureOfBroken(seed: number): Promise<string | undefined> {
  const parts = partsOf(
    ['Feuil1', 'Feuil2'].map((name) => ({ name, xml: Buffer.from(sheetXml(FLUX)) })),
    false,
  );
  const files = [transco(xlsx(TRANSCO)), openings(xlsx(OPENINGS)), flux(broken(parts, new Chance(seed)))];
  const reading = await readFolder(files, TODAY);
  return reading.kind === 'refused' ? failureOfRefusal(reading) : failureOfPanel(reading);
}

function failureOfRefusal(reading: FolderReading): string | undefined {
  const messages = messagesOf(reading);
  const named = messages.filter((message) =>
    /^2025 flux quotidiens\.xlsx.*: found .+; expected .+/s.test(message),
  );
  if (messages.length === 0 || named.length < messages.length)
    return `an unclear refusal: ${messages.join('\n')}`;
  const unseen = messages.find((message) => visible(message) !== message);
  return unseen === undefined ? undefined : `a message with what cannot be seen: ${JSON.stringify(unseen)}`;
}

function failureOfPanel(reading: FolderReading): string | undefined {
  const wrong = valuesOf(reading).find((value) => {
    const count = Number(value.split(' ')[2]);
    return !Number.isInteger(count) || count < 0 || count > LARGEST_COUNT;
  });
  return wrong === undefined ? undefined : `the value ${wrong}`;
}
