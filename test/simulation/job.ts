// The job's stand-in: it reads the frozen input, writes each table, and its manifest last, with the job's own writers.
import { Readable } from 'node:stream';
import { fetchFiles, readInputManifest } from '../../shared/attempts/input.ts';
import { writeManifest } from '../../shared/attempts/manifest.ts';
import { writeOnce } from '../../shared/attempts/write-once.ts';
import type { AttemptKey } from '../../shared/executions/runner.ts';
import type { ObjectStore } from '../../shared/objects/store.ts';
import { outputFolder } from '../../shared/runs/names.ts';
import { csvOf, rowsOf, summaryOf, targets, troublesOf } from './content.ts';

export interface JobPorts {
  readonly runs: ObjectStore;
  readonly results: ObjectStore;
  readonly now: () => number;
  /** The time that forecasting takes. */
  readonly compute: () => Promise<void>;
}

export async function job({ pipeline, run, attempt }: AttemptKey, ports: JobPorts): Promise<void> {
  const { runs, results, now, compute } = ports;
  const input = await readInputManifest(runs, pipeline, run);
  const fetched = await fetchFiles(runs, input);
  const files = fetched.map(({ role, name, bytes }) => ({ role, name, text: Buffer.from(bytes).toString() }));
  await compute();

  const base = { pipeline, run, attempt, writtenAt: new Date(now()).toISOString() };
  if (troublesOf(files).includes('refused')) {
    const message = 'a workbook cannot be used';
    const problems = [{ file: files[0]?.name ?? '', found: 'refused', expected: 'numbers', message }];
    await writeManifest(results, { kind: 'refusal', ...base, reason: message, problems, problemCount: 1 });
    return;
  }
  const written = [];
  for (const target of targets) {
    const object = `${outputFolder(pipeline, run, attempt)}${target.file}`;
    const content = () => Readable.from([Buffer.from(csvOf(target, files, attempt))]);
    const rows = rowsOf(target, files, attempt).length;
    written.push({ ...(await writeOnce(results, object, 'text/csv', content)), rows });
  }
  await writeManifest(results, {
    kind: 'output',
    ...base,
    files: written,
    rows: written[0]?.rows ?? 0,
    summary: summaryOf(files),
  });
}
