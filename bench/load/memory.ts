// The memory of publish-output while it loads a megabyte, and a thousand times as much: it never holds the data.
import { tablesOf, type TableOutput } from '../../shared/pipelines/outputs.ts';
import type { OutputFile } from '../../shared/outputs/manifest.ts';
import { readLease, swapLease } from '../../shared/runs/lease.ts';
import { manifestObject, outputFolder } from '../../shared/runs/names.ts';
import { readOutcome } from '../../shared/runs/outcome.ts';
import type { Bench, Measure } from '../measure.ts';
import { startMesh, until, type Mesh } from '../mesh/start-mesh.ts';
import { functionProcess, hasProcFolder, peakMegabytes } from './peak.ts';
import { csvOf, type WantedRows } from './rows.ts';

const FUNCTION = 'publish-output';
/** A thousand bytes a row, so that the checks of a gigabyte are those of a million rows. */
const ROW = { textLength: 480, bytes: 1000 };
const SIZES_MB = [1, 100, 1000];
const LONGEST_LOAD_MS = 4 * 60_000;
const LONGEST_START_MS = 30_000;

export const loadMemory: Bench = {
  name: 'load-memory',
  about: `the peak memory of ${FUNCTION} at ${SIZES_MB.join(', ')} MB`,
  async run({ folder, progress }) {
    if (!hasProcFolder())
      return { skipped: 'the peak of another process is read from /proc, which is not here' };
    const mesh = await startMesh(folder);
    try {
      const peaks: number[] = [];
      for (const [index, megabytes] of SIZES_MB.entries()) {
        // A new process each time: the peak is of this load, and of no other.
        const before = functionProcess(FUNCTION);
        mesh.cloud.functions.kill(FUNCTION);
        if (before !== undefined)
          await until(`${FUNCTION} to end`, LONGEST_START_MS, async () =>
            functionProcess(FUNCTION) === before ? undefined : true,
          );
        progress(`writing and loading ${megabytes} MB`);
        // Years of their own, so that no load is compared with the rows of the one before.
        const wanted = { ...ROW, rows: (megabytes * 1e6) / ROW.bytes, year: 2001 + index };
        await loadRun(mesh, index + 1, wanted);
        const process = functionProcess(FUNCTION);
        if (process === undefined) throw new Error(`there is no process of ${FUNCTION}`);
        peaks.push(peakMegabytes(process));
      }
      return measuresOf(peaks);
    } finally {
      await mesh.close();
    }
  },
};

function measuresOf(peaks: readonly number[]): readonly Measure[] {
  const [first = 0] = peaks;
  return peaks.map((value, index) => ({
    name: `peak of ${FUNCTION}, ${SIZES_MB[index]} MB`,
    value,
    unit: 'MB',
    ...(index === 0
      ? {}
      : {
          floor: { name: `at ${SIZES_MB[0]} MB`, value: first },
          // Flat, but for what the collector of garbage happens to leave.
          goal: { most: 1.15, of: 'ratio' as const },
        }),
  }));
}

/** Writes what the job of a run would write that holds the lease, and waits for the publication. */
async function loadRun(
  { runs, results, pipeline }: Mesh,
  sequence: number,
  wanted: WantedRows,
): Promise<void> {
  const run = `${String(sequence).padStart(6, '0')}-0123abcd`;
  const holder = { run, attempt: 1, since: new Date().toISOString() };
  const lease = await readLease(runs, pipeline.name);
  if (!(await swapLease(runs, pipeline.name, lease, { token: run, holder, queued: null })))
    throw new Error('another run took the lease');
  const files: OutputFile[] = [];
  const folder = outputFolder(pipeline.name, run, 1);
  for (const target of tablesOf(pipeline)) files.push(await writeFile(target));
  const head = { kind: 'output', pipeline: pipeline.name, run, attempt: 1, writtenAt: holder.since };
  const manifest = JSON.stringify({ ...head, files, rows: wanted.rows });
  await results.create(manifestObject(pipeline.name, run, 1), manifest, 'application/json');
  const ended = await until(`the outcome of ${run}`, LONGEST_LOAD_MS, () =>
    readOutcome(runs, pipeline.name, run),
  );
  if (ended.outcome !== 'published') throw new Error(`${run} ended as ${ended.outcome}: ${ended.reason}`);

  async function writeFile(target: TableOutput): Promise<OutputFile> {
    const { file } = target;
    const object = `${folder}${file}`;
    await results.createFrom(object, csvOf(target, wanted), 'text/csv');
    const info = await results.info(object);
    if (info === undefined) throw new Error(`${object} was written and is not there`);
    return { name: file, object, sizeBytes: info.sizeBytes, crc32c: info.crc32c };
  }
}
