// The job's stand-in: it reads its parameters, works, and writes its result, and its manifest last, with the job kit.
import { Readable } from 'node:stream';
import { fetchFiles, readInputManifest } from '../../../shared/attempts/input.ts';
import { writeManifest } from '../../../shared/attempts/manifest.ts';
import { parametersIn } from '../../../shared/attempts/parameters.ts';
import { writeOnce } from '../../../shared/attempts/write-once.ts';
import type { AttemptKey } from '../../../shared/executions/runner.ts';
import type { ObjectStore } from '../../../shared/objects/store.ts';
import { outputFolder } from '../../../shared/runs/names.ts';
import { parameters, resultOf } from './sample.ts';

export interface JobPorts {
  readonly runs: ObjectStore;
  readonly requests: ObjectStore;
  readonly results: ObjectStore;
  readonly now: () => number;
  /** The time that the work takes. */
  readonly compute: () => Promise<void>;
}

export async function job({ pipeline, run, attempt }: AttemptKey, ports: JobPorts): Promise<void> {
  const { runs, requests, results, now, compute } = ports;
  const input = await readInputManifest(runs, pipeline, run);
  const asked = parameters.parse(parametersIn(await fetchFiles(runs, input, requests)));
  await compute();
  const base = { pipeline, run, attempt, writtenAt: new Date(now()).toISOString() };
  if (asked.ends === 'refuse') {
    // It quotes what was asked, as a job does.
    const message = `the parameters of ${asked.what} cannot be used`;
    const problems = [{ file: 'parameters.json', found: asked.what, expected: 'succeed', message }];
    await writeManifest(results, { kind: 'refusal', ...base, reason: message, problems, problemCount: 1 });
    return;
  }
  const written = await writeOnce(
    results,
    `${outputFolder(pipeline, run, attempt)}result.json`,
    'application/json',
    () => Readable.from([Buffer.from(resultOf(asked))]),
  );
  await writeManifest(results, { kind: 'output', ...base, files: [written], rows: 0 });
}
