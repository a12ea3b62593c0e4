// The sample folder looks as the analysts' folder does.
import assert from 'node:assert/strict';
import { readXlsx } from 'hucre/xlsx';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { writeSample } from '../../../local/sample/sample.ts';

const TODAY = '2026-11-21';

let root: string;
let names: string[];

before(async () => {
  root = await mkdtemp(join(tmpdir(), 'sample-'));
  names = await writeSample(join(root, 'a'), { today: TODAY, seed: 1 });
});
after(() => rm(root, { recursive: true }));

async function rowsOf(name: string, folder = 'a'): Promise<unknown[][]> {
  const { sheets } = await readXlsx(await readFile(join(root, folder, name)));
  assert.equal(sheets.length, 1);
  return sheets[0]?.rows ?? [];
}

const isoOf = (cell: unknown) => (cell as Date).toISOString().slice(0, 10);

/** Every count of the folder by `code date`, from both layouts; null where a wide cell is empty. */
async function counts(): Promise<Map<string, number | null>> {
  const all = new Map<string, number | null>();
  for (const name of ['2024 flux quotidiens.xlsx', '2025 flux quotidiens.xlsx']) {
    for (const [code, date, flux] of (await rowsOf(name)).slice(1)) {
      all.set(`${String(code)} ${isoOf(date)}`, flux as number);
    }
  }
  const [header = [], ...wide] = await rowsOf('2026 flux quotidiens.xlsx');
  for (const row of wide) {
    header.slice(1).forEach((code, i) => {
      all.set(`${String(code)} ${isoOf(row[0])}`, (row[i + 1] ?? null) as number | null);
    });
  }
  return all;
}

test('the folder holds a workbook per year, the codes and the census, and nothing else', async () => {
  assert.deepEqual(names, [
    '2024 flux quotidiens.xlsx',
    '2025 flux quotidiens.xlsx',
    '2026 flux quotidiens.xlsx',
    'Transco.xlsx',
    'Recensement OE 2024.xlsx',
  ]);
  assert.deepEqual((await readdir(join(root, 'a'))).sort(), [...names].sort());
});

test('past years are long, the current one is wide and ends the day before today', async () => {
  const long = await rowsOf('2024 flux quotidiens.xlsx');
  assert.deepEqual(long[0], ['Code site', 'Date', 'Flux']);
  assert.equal(isoOf(long.at(-1)?.[1]), '2024-12-31');
  const wide = await rowsOf('2026 flux quotidiens.xlsx');
  assert.equal(wide[0]?.[0], 'Date');
  assert.equal(wide[0]?.length, 13);
  assert.equal(isoOf(wide[1]?.[0]), '2026-01-01');
  assert.equal(isoOf(wide.at(-1)?.[0]), '2026-11-20');
});

test('twelve sites in three clusters are named, with accents and apostrophes', async () => {
  const [header, ...sites] = await rowsOf('Transco.xlsx');
  assert.deepEqual(header, ['Code site', 'Nom mall', 'Cluster']);
  assert.equal(new Set(sites.map((row) => row[0])).size, 12);
  assert.equal(new Set(sites.map((row) => row[1])).size, 12);
  assert.equal(new Set(sites.map((row) => row[2])).size, 3);
  assert.match(sites.flat().join(), /É.*'|'.*É/);
});

test('a site is closed on Sundays and the three holidays but where the census says otherwise', async () => {
  const codeOf = new Map((await rowsOf('Transco.xlsx')).map(([code, mall]) => [mall, code]));
  const [header, ...census] = await rowsOf('Recensement OE 2024.xlsx');
  assert.deepEqual(header, ['Nom mall', 'Date', 'Ouvert']);
  const exceptions = new Map(
    census.map(([mall, date, open]) => [`${String(codeOf.get(mall))} ${isoOf(date)}`, open]),
  );
  assert.equal(exceptions.size, census.length);
  for (const [key, flux] of await counts()) {
    if (flux === null) continue;
    const date = key.slice(-10);
    const usual = new Date(date).getUTCDay() !== 0 ? 'Oui' : 'Non';
    const open = (exceptions.get(key) ?? usual) === 'Oui';
    assert.equal(flux > 0, open, key);
    if (['12-25', '01-01', '05-01'].includes(date.slice(5))) assert.equal(flux, 0, key);
  }
});

test('the census names openings and closings to come, up to six weeks', async () => {
  const census = (await rowsOf('Recensement OE 2024.xlsx')).slice(1);
  const ahead = census.filter(([, date]) => isoOf(date) >= TODAY);
  assert.ok(ahead.some(([, , open]) => open === 'Oui'));
  assert.ok(ahead.some(([, , open]) => open === 'Non'));
  assert.ok(ahead.every(([, date]) => isoOf(date) <= '2027-01-01'));
});

test('visitors have a week, a year and gaps', async () => {
  const all = [...(await counts())];
  const mean = (holds: (date: string) => boolean) => {
    const values = all.flatMap(([key, flux]) => (flux && holds(key.slice(-10)) ? [flux] : []));
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  const weekday = (date: string) => new Date(date).getUTCDay();
  assert.ok(mean((date) => weekday(date) === 6) > 1.3 * mean((date) => weekday(date) === 1));
  assert.ok(mean((date) => date.slice(5, 7) === '12') > 1.15 * mean((date) => date.slice(5, 7) === '08'));
  const possible = 12 * (366 + 365 + 324);
  const reported = all.filter(([, flux]) => flux !== null).length;
  assert.ok(reported < possible && reported > 0.98 * possible, `${reported} of ${possible}`);
  assert.ok(all.every(([, flux]) => flux === null || Number.isInteger(flux)));
  assert.ok(all.some(([, flux]) => flux === null));
});

test('the same options write the same bytes, and another seed other ones', async () => {
  await writeSample(join(root, 'b'), { today: TODAY, seed: 1 });
  await writeSample(join(root, 'c'), { today: TODAY, seed: 2 });
  for (const name of names) {
    const [a, b] = await Promise.all(['a', 'b'].map((folder) => readFile(join(root, folder, name))));
    assert.ok(a !== undefined && b !== undefined && a.equals(b), name);
  }
  assert.notDeepEqual(
    await rowsOf('2025 flux quotidiens.xlsx', 'c'),
    await rowsOf('2025 flux quotidiens.xlsx'),
  );
});

test('there are at least two and a half years on every day of the year', async () => {
  const onNewYear = await writeSample(join(root, 'd'), { today: '2026-01-01', seed: 1 });
  assert.deepEqual(
    onNewYear.filter((name) => name.includes('flux')).map((name) => name.slice(0, 4)),
    ['2023', '2024', '2025'],
  );
  const dayAfter = await writeSample(join(root, 'e'), { today: '2026-01-02', seed: 1 });
  assert.ok(dayAfter.includes('2026 flux quotidiens.xlsx'));
  assert.equal((await rowsOf('2026 flux quotidiens.xlsx', 'e')).length, 2);
});

test('a today that is no date is refused', async () => {
  for (const today of ['2026-02-30', 'tomorrow', '']) {
    await assert.rejects(writeSample(join(root, 'f'), { today, seed: 1 }), RangeError);
  }
});
