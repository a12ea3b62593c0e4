// What `sluice run` says of files and models: bounded, current or superseded, and the champion that was kept.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outputFacts, outputsIn } from '../../../cli/actions/run-outputs.ts';
import type { PublishedObjects, PublishedTable } from '../../../shared/outputs/published.ts';

const [FIRST, SECOND] = ['000001-0a0b0c0d', '000002-0a0b0c0d'];

const objects = (
  output: string,
  run: string,
  count: number,
  more: Partial<PublishedObjects> = {},
): PublishedObjects => ({
  kind: 'files',
  output,
  publication: `heat-${run}`,
  run,
  pinned: false,
  files: Array.from({ length: count }, (_, at) => ({
    name: `aube.zarr/t2m/${at}.0`,
    object: `heat/${output}/heat-${run}/attempt-1/aube.zarr/t2m/${at}.0`,
    generation: '1',
    crc32c: 'AAAAAA==',
    sizeBytes: 10,
    contentType: 'application/octet-stream',
  })),
  ...more,
});
const table: PublishedTable = {
  table: 'heat.indicators',
  object: 'x',
  generation: '1',
  crc32c: '',
  rows: 1,
  job: null,
};
const known = (own: readonly (PublishedObjects | PublishedTable)[], newest = own) =>
  ({ kind: 'known', bucket: 'sluice-exports', outputs: outputsIn(own, newest) }) as const;

test('the files of a run are counted, the first twenty are shown, and a thousand are in the data', () => {
  const found = known([table, objects('maps', FIRST, 1_500)]);
  assert.deepEqual(
    found.outputs.map(({ output, fileCount, sizeBytes, files }) => [
      output,
      fileCount,
      sizeBytes,
      files.length,
    ]),
    [['maps', 1_500, 15_000, 1_000]],
  );
  const { 'Files of maps': lines = [] } = outputFacts(found, FIRST);
  assert.equal(lines.length, 2 + 20 + 1);
  assert.deepEqual(
    [lines[0], lines[1], lines[2], lines.at(-1)],
    [
      `heat-${FIRST} (current): 1500 files, 15000 bytes`,
      `gs://sluice-exports/heat/maps/heat-${FIRST}/attempt-1/`,
      '  aube.zarr/t2m/0.0  10 bytes',
      '  and 1480 others; --json lists up to 1000',
    ],
  );
});

test('a publication that another one followed is superseded; a pin counts only for what is current', () => {
  const own = objects('best', FIRST, 1, { kind: 'model' });
  const pinned = known([own], [objects('best', FIRST, 1, { kind: 'model', pinned: true })]);
  assert.match(outputFacts(pinned, FIRST)['Model best']![0]!, /\(current, pinned\): 1 file,/);
  const superseded = known([own], [objects('best', SECOND, 1, { kind: 'model', pinned: true })]);
  assert.match(outputFacts(superseded, FIRST)['Model best']![0]!, /\(superseded\): 1 file,/);
});

test('a run whose candidate lost names the champion that stayed', () => {
  const found = known([objects('best', FIRST, 3, { kind: 'model' })]);
  assert.deepEqual(outputFacts(found, SECOND), {
    'Model best': [
      `the candidate of this run did not become the champion, which stayed heat-${FIRST} of run ${FIRST}`,
    ],
  });
});

test('without an answer of the ledger the reason stands in place of the files', () => {
  const { 'Published files': lines } = outputFacts({ kind: 'unknown', reason: 'timeout' }, FIRST);
  assert.deepEqual(lines, ['not known, because the ledger did not answer: timeout']);
  assert.deepEqual(outputFacts(undefined, FIRST), {});
});
