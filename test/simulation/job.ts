// The job's stand-in: it reads the frozen input, writes each output, and its manifest last, with the job's own writers.
import { Readable } from 'node:stream';
import { z } from 'zod';
import { fetchFiles, readInputManifest } from '../../shared/attempts/input.ts';
import { writeManifest } from '../../shared/attempts/manifest.ts';
import { writeOnce } from '../../shared/attempts/write-once.ts';
import type { AttemptKey } from '../../shared/executions/runner.ts';
import { createOnce } from '../../shared/objects/json.ts';
import type { ObjectStore } from '../../shared/objects/store.ts';
import type { OutputFile } from '../../shared/outputs/manifest.ts';
import { objectOutputsOf, tablesOf } from '../../shared/pipelines/outputs.ts';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import { readPointer } from '../../shared/publications/pointer.ts';
import { outputFolder } from '../../shared/runs/names.ts';
import {
  best,
  championsErrorOf,
  csvOf,
  errorOf,
  objectsOf,
  recipeOf,
  rowsOf,
  summaryOf,
  troublesOf,
  type InputFile,
} from './content.ts';

export interface JobPorts {
  readonly pipeline: Pipeline;
  readonly runs: ObjectStore;
  readonly results: ObjectStore;
  readonly exports: ObjectStore;
  readonly now: () => number;
  /** The time that forecasting takes. */
  readonly compute: () => Promise<void>;
}

/** The champion that a candidate is compared with. */
const compared = z.object({ publication: z.string().nullable() });

export async function job(key: AttemptKey, ports: JobPorts): Promise<void> {
  const { pipeline, run, attempt } = key;
  const { runs, results, now, compute } = ports;
  const input = await readInputManifest(runs, pipeline, run);
  const fetched = await fetchFiles(runs, input);
  const files = fetched.map(({ role, name, bytes }) => ({ role, name, text: Buffer.from(bytes).toString() }));
  const champion = await championFor(key, ports);
  const own = `${pipeline}-${run}`;
  await compute();

  const base = { pipeline, run, attempt, writtenAt: new Date(now()).toISOString() };
  if (troublesOf(files).includes('refused')) {
    const message = 'a workbook cannot be used';
    const problems = [{ file: files[0]?.name ?? '', found: 'refused', expected: 'numbers', message }];
    await writeManifest(results, { kind: 'refusal', ...base, reason: message, problems, problemCount: 1 });
    return;
  }
  const written = await writeOutputs(key, files, ports);
  await writeManifest(results, {
    kind: 'output',
    ...base,
    files: written,
    rows: written[0]?.rows ?? 0,
    summary: summaryOf(files),
    models: [
      {
        name: best.name,
        recipe: recipeOf(own),
        metrics: { [best.metric]: errorOf(files) },
        champion:
          champion === null
            ? null
            : {
                publication: champion,
                recipe: recipeOf(champion),
                metrics: { [best.metric]: championsErrorOf(files, own, champion) },
              },
      },
    ],
  });
}

/** Kept beside the output, so that whatever runs for this attempt compares with the same. */
async function championFor(
  { pipeline, run, attempt }: AttemptKey,
  { results, exports }: JobPorts,
): Promise<string | null> {
  const shown = await readPointer(exports, pipeline, best.name);
  const object = `${outputFolder(pipeline, run, attempt)}champion.json`;
  const found = { publication: shown?.value.publication ?? null };
  return (await createOnce(results, object, compared, found)).publication;
}

async function writeOutputs(
  { pipeline, run, attempt }: AttemptKey,
  files: readonly InputFile[],
  ports: JobPorts,
): Promise<readonly OutputFile[]> {
  const written: OutputFile[] = [];
  const write = (name: string, type: string, text: string) =>
    writeOnce(ports.results, `${outputFolder(pipeline, run, attempt)}${name}`, type, () =>
      Readable.from([Buffer.from(text)]),
    );
  for (const target of tablesOf(ports.pipeline)) {
    const rows = rowsOf(target, files, attempt).length;
    written.push({ ...(await write(target.file, 'text/csv', csvOf(target, files, attempt))), rows });
  }
  for (const output of objectOutputsOf(ports.pipeline)) {
    for (const { name, text } of objectsOf(output, files, attempt))
      written.push(await write(name, 'application/json', text));
  }
  return written;
}
