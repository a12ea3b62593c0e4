// `sluice predict bikes`, as its users type it: a file row by row, over a running mesh and a stopped one.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { run, type Ended } from '../commands.ts';
import { xgboostHere } from '../../jobs/xgboost/installed.ts';
import { COUNTERS, DAYS, timeAt } from './counters.ts';
import { mesh, report } from './one-mesh.ts';

const HEADER = 'Nom du compteur;Date et heure de comptage';
const HOURS = 200;
/** More rows than the command asks for at once, and none in the sequence of the counters. */
const ROWS = Array.from(
  { length: HOURS * COUNTERS },
  (_, row) => [`counter ${(row * 5) % COUNTERS}`, timeAt(DAYS + Math.floor(row / 24), row % 24)] as const,
);

interface Line {
  readonly counter: string;
  readonly at: string;
  readonly prediction: number;
  readonly label?: string;
}

const linesOf = ({ stdout }: Ended): readonly Line[] =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);

/** Over a mesh that has published once, in the run of the report; it is stopped in the end. */
describe('sluice predict', xgboostHere, () => {
  const folder = mkdtempSync(join(tmpdir(), 'predict-'));
  const file = join(folder, 'questions.csv');
  before(() => writeFileSync(file, [HEADER, ...ROWS.map((row) => row.join(';')), ''].join('\n')));
  after(() => rmSync(folder, { recursive: true, force: true }));

  const predict = (model: string, ...words: readonly string[]) =>
    run('sluice', '--data', mesh.data, 'predict', 'bikes', '--model', model, ...words);

  test('the report of the run names the models that it published, and no rows', () => {
    const { rows, table, published } = report;
    assert.deepEqual([rows, table, published], [null, '', ['the model reg', 'the model class']]);
  });

  let running: readonly Line[];

  test('prints one line for each row, in the sequence of the file, over a running mesh', async () => {
    const ended = await predict('reg', '--file', file);
    assert.equal(ended.code, 0, ended.stderr);
    running = linesOf(ended);
    assert.deepEqual(
      running.map(({ counter, at }) => [counter, at]),
      ROWS,
    );
    for (const { prediction } of running) assert.ok(Number.isFinite(prediction) && prediction >= 0);
    assert.ok(new Set(running.map(({ prediction }) => prediction)).size > 24);
  });

  test('prints the label of a class beside its prediction', async () => {
    const ended = await predict('class', '--file', file);
    assert.equal(ended.code, 0, ended.stderr);
    const lines = linesOf(ended);
    assert.equal(lines.length, ROWS.length);
    for (const { prediction, label } of lines) assert.equal(label, prediction === 1 ? 'forte' : 'faible');
    assert.equal(new Set(lines.map(({ label }) => label)).size, 2);
  });

  test('a row that the service cannot answer ends it with the line in the file, and exit code 1', async () => {
    const wrong = join(folder, 'wrong.csv');
    writeFileSync(wrong, `${HEADER}\ncounter 1;${timeAt(DAYS, 8)}\ncounter 1;tomorrow\n`);
    const { code, stderr, stdout } = await predict('reg', '--file', wrong);
    assert.equal(code, 1);
    assert.match(stderr, /wrong\.csv, line 3: date_et_heure_de_comptage is "tomorrow"; expected /);
    assert.equal(stdout, '');
  });

  test('a row with too many fields ends it with its line as well', async () => {
    const wrong = join(folder, 'fields.csv');
    writeFileSync(wrong, `${HEADER}\ncounter 1;${timeAt(DAYS, 8)};9;9\n`);
    const { code, stderr } = await predict('reg', '--file', wrong);
    assert.equal(code, 1);
    assert.match(stderr, /fields\.csv, line 2: found 4 fields; expected 2/);
  });

  test('answers one question, and a model that no service follows is refused by name', async () => {
    const [counter, at] = ROWS[8]!;
    const ended = await predict('reg', '--counter', counter, '--at', at);
    assert.equal(ended.code, 0, ended.stderr);
    assert.deepEqual(linesOf(ended), [running[8]]);
    const unknown = await predict('speed', '--counter', counter, '--at', at);
    assert.equal(unknown.code, 1);
    assert.match(unknown.stderr, /--model speed: no service of bikes follows it; expected reg, class/);
  });

  test('over a stopped mesh the answers are the same', async () => {
    await mesh.stop();
    const ended = await predict('reg', '--file', file);
    assert.equal(ended.code, 0, ended.stderr);
    assert.deepEqual(linesOf(ended), running);
  });
});
