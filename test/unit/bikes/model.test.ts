// A loaded model: what it answers, and the files that it refuses.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import { loadModel, type ModelFiles } from '../../../models/bikes/model.ts';
import { xgboostHere } from '../../jobs/xgboost/installed.ts';
import { COUNTERS, sampleModel, sampleObservations, UP_TO, type SampleFiles } from './sample-model.ts';

const [MONTPARNASSE, , , SEBASTOPOL] = COUNTERS;
const at = (name: string, hour: number, coordinates?: readonly [number, number]) => ({
  place: { name, coordinates },
  hour,
});

/** The files with another descriptor, or another file, which the descriptor then names. */
function changed(files: SampleFiles, change: object, content?: Uint8Array): ModelFiles {
  const file = files.described.candidates[0]!.file;
  const own = content ?? files.bytes.get(file)!;
  const candidates = files.described.candidates.map((candidate) =>
    candidate.file === file
      ? { ...candidate, sizeBytes: own.length, sha256: createHash('sha256').update(own).digest('hex') }
      : candidate,
  );
  const descriptor = Buffer.from(JSON.stringify({ ...files.described, candidates, ...change }));
  return { descriptor, bytes: new Map(files.bytes).set(file, own) };
}

describe('a loaded model', xgboostHere, () => {
  test('answers about as much as was counted, by each kind', () => {
    const model = loadModel(sampleModel({ task: 'reg', rounds: 40 }));
    const { counter, hour, count } = sampleObservations(1);
    const rows = Array.from({ length: 200 }, (_none, index) => index * 13);
    const asked = rows.map((row) => at(COUNTERS[counter[row]!]!.name, hour[row]!));
    for (const kind of ['gbt', 'rf'] as const) {
      const answered = model.answer(kind, asked);
      const off = answered.map(({ prediction }, index) => Math.abs(prediction - count[rows[index]!]!));
      const mean = off.reduce((sum, value) => sum + value, 0) / off.length;
      assert.ok(mean < 15, `${kind}: off by ${mean}`);
      assert.ok(answered.every(({ warnings }) => warnings.length === 0));
    }
  });

  test('answers one record like the same record among others', () => {
    const model = loadModel(sampleModel({ task: 'reg' }));
    const asked = Array.from({ length: 50 }, (_none, index) => at(COUNTERS[index % 4]!.name, UP_TO + index));
    assert.deepEqual(
      asked.flatMap((one) => model.answer('gbt', [one])),
      model.answer('gbt', asked),
    );
  });

  test('answers a class by 0 and 1', () => {
    const model = loadModel(sampleModel({ task: 'class' }));
    const night = model.answer('gbt', [at(SEBASTOPOL!.name, UP_TO + 1)]);
    const noon = model.answer('gbt', [at(SEBASTOPOL!.name, UP_TO + 13)]);
    assert.deepEqual([night[0]?.prediction, noon[0]?.prediction], [0, 1]);
  });

  test('finds a counter whatever its accents and letter case', () => {
    const model = loadModel(sampleModel({ task: 'reg' }));
    const [known, written] = model.answer('gbt', [
      at(SEBASTOPOL!.name, UP_TO),
      at('totem 73 BOULEVARD de sebastopol  S-N', UP_TO),
    ]);
    assert.deepEqual(written, known);
  });

  test('answers an unknown counter as the nearest one, or the median one, and says so', () => {
    const model = loadModel(sampleModel({ task: 'reg' }));
    const [known, near, far] = model.answer('gbt', [
      at(MONTPARNASSE!.name, UP_TO + 9),
      at('12 rue Nouvelle', UP_TO + 9, [48.8405, 2.333]),
      at('12 rue Nouvelle', UP_TO + 9),
    ]);
    assert.equal(near?.prediction, known?.prediction);
    assert.match(
      near?.warnings[0] ?? '',
      /"12 rue Nouvelle" is not in the training data: answered as the nearest counter, "152 .*, 0\.0 km/,
    );
    assert.match(far?.warnings[0] ?? '', /answered as the median counter/);
  });

  test('answers a year beyond the training data, and says so', () => {
    const model = loadModel(sampleModel({ task: 'reg' }));
    const [answered] = model.answer('gbt', [at(SEBASTOPOL!.name, UP_TO + 24 * 365 * 9)]);
    assert.ok(Number.isFinite(answered?.prediction));
    assert.match(
      answered?.warnings[0] ?? '',
      /the year 2030 is beyond the training data, which ends in 2021/,
    );
  });

  test('has no kind that was not trained', () => {
    const files = sampleModel({ task: 'reg' });
    const without = <Of extends { readonly kind: string }>(all: readonly Of[]) =>
      all.filter(({ kind }) => kind !== 'nn');
    const { candidates, examples } = files.described;
    const parts = { candidates: without(candidates), examples: without(examples) };
    const descriptor = Buffer.from(JSON.stringify({ ...files.described, ...parts }));
    const model = loadModel({ ...files, descriptor });
    assert.throws(() => model.answer('nn', [at('x', UP_TO)]), /the model has no nn/);
  });
});

describe('a model is refused', xgboostHere, () => {
  const files = xgboostHere.skip === false ? sampleModel({ task: 'reg', rounds: 3, depth: 2 }) : undefined;
  const refused = (broken: ModelFiles, message: RegExp) => assert.throws(() => loadModel(broken), message);

  test('whose file is cut off at any byte, changed, or absent', () => {
    const whole = files!.bytes.get('reg-gbt.ubj')!;
    const withFile = (content: Uint8Array) => ({
      ...files!,
      bytes: new Map(files!.bytes).set('reg-gbt.ubj', content),
    });
    for (let length = 0; length < whole.length; length += 1)
      refused(withFile(whole.subarray(0, length)), /reg-gbt.ubj has \d+ bytes; expected \d+/);
    const flipped = Uint8Array.from(whole);
    flipped[1000]! ^= 1;
    refused(withFile(flipped), /reg-gbt.ubj differs from the SHA-256/);
    refused(
      { ...files!, bytes: new Map([['reg-rf.ubj', files!.bytes.get('reg-rf.ubj')!]]) },
      /names reg-gbt.ubj, which the model does not have/,
    );
  });

  test('whose descriptor is cut off, or has the wrong form', () => {
    const { descriptor } = files!;
    for (let length = 0; length < descriptor.length; length += 97)
      refused({ ...files!, descriptor: descriptor.subarray(0, length) }, /the descriptor/);
    refused(changed(files!, { format: 2 }), /the descriptor has the wrong form: format/);
    refused(changed(files!, { columns: ['counter'] }), /the model has the features counter; expected/);
    const { candidates, examples } = files!.described;
    const parts = { candidates: candidates.slice(0, 2), examples: examples.slice(0, 2), best: 'nn' };
    const descriptorOfTwo = Buffer.from(JSON.stringify({ ...files!.described, ...parts }));
    refused({ ...files!, descriptor: descriptorOfTwo }, /names the best nn, and has none/);
  });

  test('with a valid checksum and trees that cannot be', () => {
    const whole = files!.bytes.get('reg-gbt.ubj')!;
    refused(changed(files!, {}, whole.subarray(0, 900)), /reg-gbt.ubj: the model is neither UBJSON nor JSON/);
    // The marker, the type and the length of an array stand before its first element.
    const children = Uint8Array.from(whole);
    const place = Buffer.from(children.buffer).indexOf('left_children') + 'left_children'.length;
    children[place + 16]! = 0x7f;
    refused(changed(files!, {}, children), /reg-gbt.ubj: the model is wrong|neither/);
  });

  test('that answers its own examples differently', () => {
    const examples = files!.described.examples.map((example) => ({
      ...example,
      expected: example.expected + 0.01,
    }));
    refused(changed(files!, { examples }), /example 0: gbt answered .*; expected/);
    refused(
      changed(files!, { examples: [{ kind: 'gbt', features: [1], expected: 0 }] }),
      /example 0 does not fit/,
    );
  });
});
