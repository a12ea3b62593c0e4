// Bad input, end to end: each is recorded with a reason that names its place, and leaves the table as it was.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { date, goodFlux, goodTransco, OPENINGS_HEADER, TRANSCO_HEADER } from '../../jobs/forecast/folder.ts';
import { partsOf, workbook, xlsx, zip, type TestCell } from '../../jobs/forecast/workbooks.ts';
import { FLUX, fluxOf, good, OPENINGS, TRANSCO, withFlux, withVisitors } from '../folders.ts';
import { startMesh, type Folder, type RunningMesh } from '../start-mesh.ts';

let mesh: RunningMesh;
/** While true, no message and no event arrives anywhere. */
let losing = false;
before(async () => {
  mesh = await startMesh({ interference: () => (losing ? 'lose' : 'deliver') });
  mesh.put(good());
  assert.equal((await mesh.tick()).outcome, 'published');
});
after(() => mesh.close());

const MEBIBYTE = 1024 * 1024;
const DAY: TestCell = date('2025-01-01');
const GOOD_ROW = ['A1', DAY, 1] as const;
const text = (words: string) => Buffer.from(words);
const bombOf = (bytes: number) => {
  const parts = partsOf([{ name: 'Feuil1', xml: Buffer.alloc(bytes, 'a') }], false);
  return good({ [FLUX]: zip(parts) });
};
const nextYear = new Date().getUTCFullYear() + 1;

/** Each with what its reason must say: file, sheet, row and what was expected, as far as there are any. */
const REFUSED: readonly (readonly [what: string, folder: Folder, says: readonly RegExp[]])[] = [
  [
    'a truncated workbook',
    good({ [FLUX]: goodFlux().bytes.subarray(0, 700) }),
    [/2025 flux quotidiens\.xlsx/, /truncated workbook/],
  ],
  [
    'a text file under another name',
    good({ [FLUX]: text('Code site;Date;Flux\nA1;01/01/2025;3\n') }),
    [/2025 flux quotidiens\.xlsx/, /expected an Excel workbook/],
  ],
  [
    'a password-protected workbook',
    good({ [TRANSCO]: Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(4096)]) }),
    [/Transco\.xlsx/, /password-protected/, /expected/],
  ],
  ['a zip bomb', bombOf(64 * MEBIBYTE), [/2025 flux quotidiens\.xlsx/, /zip bomb/, /expected at most/]],
  [
    'an empty sheet',
    good({ [FLUX]: workbook([{ name: 'Vide', rows: [] }]) }),
    [/2025 flux quotidiens\.xlsx/, /Vide/, /expected/],
  ],
  [
    'a wrong header',
    good({
      [TRANSCO]: xlsx([
        ['Code', 'Nom', 'Groupe'],
        ['A1', 'Évry', 'Nord'],
      ]),
    }),
    [/Transco\.xlsx/, /Feuil1/, /expected/],
  ],
  [
    'a site code that Transco does not know',
    withFlux([...GOOD_ROW], ['B9', DAY, 1]),
    [/2025 flux quotidiens\.xlsx/, /sheet "Feuil1"/, /row 3/, /B9/, /expected/],
  ],
  [
    'a site and day that stand twice',
    withFlux([...GOOD_ROW], ['A1', DAY, 2]),
    [/2025 flux quotidiens\.xlsx/, /sheet "Feuil1"/, /row 3/, /expected/],
  ],
  [
    "a date of another year than the file's name",
    good({ '2024 flux quotidiens.xlsx': fluxOf([...GOOD_ROW]) }),
    [/2024 flux quotidiens\.xlsx, sheet "Feuil1", row 2/, /expected a date of 2024/],
  ],
  ['text among the numbers', withFlux(['A1', DAY, 'fermé']), [/row 2/, /column C/, /fermé/, /expected/]],
  ['a negative number', withFlux(['A1', DAY, -4]), [/row 2/, /column C/, /-4/, /expected/]],
  ['a fraction', withFlux(['A1', DAY, 1.5]), [/row 2/, /column C/, /1\.5/, /expected/]],
  ['an error cell', withFlux(['A1', DAY, { error: '#REF!' }]), [/row 2/, /column C/, /#REF!/, /expected/]],
  [
    'a date in the future',
    good({ [`${nextYear} flux quotidiens.xlsx`]: fluxOf(['A1', date(`${nextYear}-12-31`), 1]) }),
    [new RegExp(`${nextYear} flux quotidiens\\.xlsx, sheet "Feuil1", row 2`), /in the future; expected/],
  ],
  [
    'a date as text in neither format',
    withFlux([...GOOD_ROW], ['A2', '01-13-25', 1]),
    [/sheet "Feuil1", row 3, column B/, /01-13-25/, /expected a date/],
  ],
  [
    'a formula in a name',
    good({
      [TRANSCO]: xlsx([[...TRANSCO_HEADER], ['A1', 'Évry', 'Nord'], ['A2', '=HYPERLINK("http://x")', 'Sud']]),
    }),
    [/Transco\.xlsx/, /sheet "Feuil1", row 3/, /HYPERLINK/, /expected/],
  ],
];

for (const [what, folder, says] of REFUSED) {
  test(`${what} ends in a refusal that names the place`, async () => {
    const before = await mesh.published();
    mesh.put(folder);
    const report = await mesh.tick();
    assert.equal(report.outcome, 'failed', report.reason);
    for (const message of says) assert.match(report.reason, message);
    const run = await mesh.newestRun();
    assert.deepEqual([run.outcome?.outcome, run.outcome?.reason], ['failed', report.reason]);
    assert.equal(run.attempts.length, 1, 'an input that cannot be used is not tried again');
    assert.equal(await mesh.published(), before);
  });
}

test('after all of these, the next tick publishes the mended folder, without a command', async () => {
  mesh.put(withVisitors(7));
  const report = await mesh.tick();
  assert.equal(report.outcome, 'published', report.reason);
});

test('a folder mended to what it was before is published too', async () => {
  mesh.put(withFlux(['A1', DAY, 'fermé']));
  assert.equal((await mesh.tick()).outcome, 'failed');
  mesh.put(withVisitors(7));
  assert.equal((await mesh.tick()).outcome, 'published');
});

test('a bad folder that stays bad is refused once, not at every tick', async () => {
  mesh.put(withFlux(['A1', DAY, 'fermé']));
  assert.equal((await mesh.tick()).outcome, 'failed');
  const { run } = await mesh.newestRun();
  const again = await mesh.tick();
  assert.equal(again.outcome, 'no-change');
  assert.match(again.reason, /fermé/, 'the reason of the refusal is still reported');
  assert.equal((await mesh.newestRun()).run, run);
});

for (const [role, name] of [
  ['flux', FLUX],
  ['transco', TRANSCO],
  ['openings', OPENINGS],
] as const) {
  test(`without the ${role} file it waits, reports that once, and runs when the file is there`, async () => {
    const before = await mesh.published();
    mesh.put(good({ [name]: undefined }));
    for (let poll = 1; poll <= 2; poll++) {
      const report = await mesh.tick();
      assert.equal(report.outcome, 'waiting-incomplete');
      assert.match(report.reason, new RegExp(`Missing from the source: ${role} `));
    }
    assert.equal(await mesh.published(), before);
    mesh.put(withVisitors(name.length));
    assert.equal((await mesh.tick()).outcome, 'published');
  });
}

test('two files named Transco.xlsx are an error that names them, until one is moved out', async () => {
  const before = await mesh.published();
  mesh.put({ ...withVisitors(50), '.duplicates/1/Transco.xlsx': goodTransco().bytes });
  const report = await mesh.tick();
  assert.equal(report.outcome, 'failed');
  assert.match(report.reason, /2 files match the role transco: "Transco\.xlsx" .*; expected one/);
  assert.equal(await mesh.published(), before);
  mesh.put(withVisitors(50));
  assert.equal((await mesh.tick()).outcome, 'published');
});

test('dates as text in two formats, beside date cells, are read as the days they name', async () => {
  mesh.put(withFlux(['A1', DAY, 10], ['A1', '02/01/2025', 20], ['A1', '2025-01-03', 30], ['A2', DAY, 1]));
  const report = await mesh.tick();
  assert.equal(report.outcome, 'published', report.reason);
  const rows = await mesh.query(
    `SELECT CAST(date AS STRING) AS day, donnees_reelles AS observed FROM carmila_data.predictions_carmila
     WHERE nom_mall = 'Évry' AND donnees_reelles IS NOT NULL ORDER BY date`,
  );
  assert.deepEqual(rows, [
    { day: '2025-01-01', observed: 10 },
    { day: '2025-01-02', observed: 20 },
    { day: '2025-01-03', observed: 30 },
  ]);
});

test('a census that names a mall that Transco does not know is refused with its row', async () => {
  mesh.put(good({ [OPENINGS]: xlsx([[...OPENINGS_HEADER], ['Atlantis', DAY, 'Oui']]) }));
  const report = await mesh.tick();
  assert.equal(report.outcome, 'failed', report.reason);
  assert.match(report.reason, /Recensement OE 2024\.xlsx, sheet "Feuil1", row 2/);
  assert.match(report.reason, /Atlantis/);
});

for (const [how, changes, says] of [
  ['changes', { [FLUX]: fluxOf([...GOOD_ROW]) }, /"2025 flux quotidiens\.xlsx" changed while/],
  ['is gone', { [OPENINGS]: undefined }, /"Recensement OE 2024\.xlsx" changed while/],
] as const) {
  test(`a file that ${how} between the poll and the freeze ends that run, and the next poll makes a new one`, async () => {
    const before = await mesh.published();
    mesh.put(good());
    losing = true;
    await mesh.fire('tick-carmila');
    losing = false;
    const { run } = await mesh.newestRun();
    mesh.put(good(changes));
    // The message was lost, so the sweep is what starts the run.
    await mesh.fire('sweep');
    const ended = await mesh.until(`the end of ${run}`, async () => (await mesh.newestRun()).outcome);
    assert.equal(ended.outcome, 'superseded');
    assert.match(ended.reason, says);
    assert.equal(await mesh.published(), before);
    mesh.put(withVisitors(how.length));
    const report = await mesh.tick();
    assert.equal(report.outcome, 'published', report.reason);
    assert.notEqual(report.run, run);
  });
}
