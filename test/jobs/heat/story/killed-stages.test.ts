// Method: an attempt with the real stages is recorded: what the buckets hold before each of its calls to Cloud Storage is
// what a job that is killed there leaves behind. From each of these states another attempt runs, and must take what is
// finished from the cache and publish the same bytes, those of the documents in PDF and of the Zarr store among them. The
// first attempt after each stage computes the stages that follow; the others take what these made from the same files.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { MemoryStore } from '../../../../shared/objects/memory.ts';
import { sha256Of } from '../../../../jobs/heat/stages/local-files.ts';
import type { Stage, StageFile, StageWork } from '../../../../jobs/heat/stages/stage.ts';
import { stagesOf } from '../../../../jobs/heat/stages/stages.ts';
import { smallCity } from '../../../mesh/heat/small-city.ts';
import { everyCall } from './cut-off.ts';
import { ATTEMPT, freeze, memoryBuckets, runHeat, type LogLine } from './run-city.ts';

const SECOND = { ...ATTEMPT, attempt: 2 };
const STAGE = /^aube, ([a-z]+): (taken from the cache|made \d+ files)/;
type Buckets = ReturnType<typeof memoryBuckets>;

/** Names without the folder of the attempt, and bytes; the manifest without what differs between attempts. */
async function written({ results }: Buckets, { attempt }: typeof ATTEMPT): Promise<Map<string, string>> {
  const prefix = `heat/${ATTEMPT.run}/attempt-${attempt}/`;
  const found = new Map<string, string>();
  for (const { name } of await results.list(prefix, 1_000)) {
    const text = results.stored(name)!.content.toString('latin1');
    const isManifest = name === `${prefix}output.json`;
    found.set(
      name.slice(prefix.length),
      isManifest ? text.replaceAll(/attempt-\d|"attempt": \d/g, '') : text,
    );
  }
  return found;
}

async function copied(store: MemoryStore): Promise<MemoryStore> {
  const copy = new MemoryStore(store.bucket);
  for (const { name } of await store.list('', 10_000)) {
    const { content, contentType } = store.stored(name)!;
    await copy.create(name, content, contentType);
  }
  return copy;
}

const stateOf = async ({ cache, results }: Buckets): Promise<string> =>
  [...(await cache.list('', 10_000)), ...(await results.list('', 10_000))].map(({ name }) => name).join('\n');

/** Which stages ran, and which were taken from the cache. */
const stagesIn = (lines: readonly LogLine[]) => {
  const found = lines.flatMap(({ message }) => [...(STAGE.exec(message)?.slice(1, 3) ?? [])]);
  const [ran, taken]: [string[], string[]] = [[], []];
  for (let at = 0; at < found.length; at += 2)
    (found[at + 1]!.startsWith('made') ? ran : taken).push(found[at]!);
  return { ran, taken };
};

/** The real stages, of which none runs twice with the same files. */
function remembering(): typeof stagesOf {
  const made = new Map<string, readonly StageFile[]>();
  const keyOf = async ({ name, reads }: Stage, { inputs }: StageWork) => {
    const read: string[] = [name];
    for (const stage of reads)
      for (const file of inputs.names(stage)) read.push(file, sha256Of(await inputs.read(stage, file)));
    return read.join();
  };
  const remembered = (stage: Stage): Stage => ({
    ...stage,
    async run(work) {
      const key = await keyOf(stage, work);
      const files = made.get(key) ?? (await stage.run(work));
      made.set(key, files);
      return files;
    },
  });
  return (raw) => stagesOf(raw).map(remembered);
}

describe('a job of real stages that is killed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'heat-killed-stages-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const states = new Map<string, Buckets>();
  let whole: Map<string, string>;
  let calls = 0;

  before(async () => {
    for (const [name, content] of smallCity('aube', 20, 'model: { type: ridge }')) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), content);
    }
    const buckets = memoryBuckets();
    await freeze(buckets.runs, folder);
    // Calls that change nothing leave the same state, which is tried once.
    const record = async () => {
      calls++;
      const state = await stateOf(buckets);
      if (states.has(state)) return;
      const { runs, results, cache } = buckets;
      states.set(state, { runs, results: await copied(results), cache: await copied(cache) });
    };
    const manifest = await runHeat(everyCall(buckets, record));
    assert.equal(manifest.kind, 'output');
    whole = await written(buckets, ATTEMPT);
  });

  test('the attempt that is recorded publishes every kind of file', () => {
    const kinds = [
      'report.pdf',
      'report.fr.pdf',
      'report.html',
      'temperature.tif',
      'checkpoint-ridge-per-cell.f32',
    ];
    for (const name of [...kinds.map((kind) => `aube_${kind}`), 'aube.zarr/.zmetadata', 'indicators.csv'])
      assert.ok(whole.has(name), name);
    assert.ok(calls > 100 && states.size > 50, `${calls} calls, ${states.size} states`);
  });

  test('at any of its calls is continued from its finished stages, and the same bytes are published', async () => {
    const taken = new Set<number>();
    const remembered = remembering();
    for (const [state, buckets] of states) {
      const finished = new Set(
        [...state.matchAll(/^stages\/aube\/([a-z]+)\/.*\/manifest\.json$/gm)].map(([, name]) => name),
      );
      const lines: LogLine[] = [];
      const isFirst = !taken.has(finished.size);
      const stages = isFirst ? stagesOf : remembered;
      const manifest = await runHeat(buckets, { attempt: SECOND, lines, stagesOf: stages });
      const what = `killed with ${state.split('\n').length} objects`;
      assert.equal(manifest.kind, 'output', what);
      const found = stagesIn(lines);
      assert.deepEqual(new Set(found.taken), finished, what);
      assert.equal(found.ran.length + finished.size, 8, what);
      taken.add(finished.size);
      const published = await written(buckets, SECOND);
      assert.deepEqual([...published.keys()], [...whole.keys()], what);
      for (const [name, bytes] of published)
        assert.ok(bytes === whole.get(name), `${what}: ${name} has other bytes`);
    }
    assert.equal(taken.size, 9, 'it was killed within each stage, and after the last');
  });
});
