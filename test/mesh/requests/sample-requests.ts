// A pipeline that takes requests, and its job: what is added to a copy of the tree.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

const SLEEPS = readFileSync(join(ROOT, 'test/ports/sleeps.ts'), 'utf8').replaceAll(
  '../../shared/',
  '../shared/',
);

/** Texts by their paths in the tree. */
export const REQUEST_SAMPLES: Readonly<Record<string, string>> = {
  'pipelines/sleeps.ts': SLEEPS,
  // The same with an attempt of a few seconds.
  'pipelines/naps.ts': SLEEPS.replaceAll('sleeps', 'naps')
    .replace('timeout: minutes(5), attempts: 2', 'timeout: 3000, attempts: 1')
    .replace('hours, minutes', 'hours'),
  'jobs/sleep/main.ts': `// A sample job: waits for as long as it is asked to, and ends as it is asked to.
import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { fetchFiles, readInputManifest } from '../../shared/attempts/input.ts';
import { writeManifest } from '../../shared/attempts/manifest.ts';
import { parametersIn } from '../../shared/attempts/parameters.ts';
import { attemptVariables } from '../../shared/attempts/variables.ts';
import { writeOnce } from '../../shared/attempts/write-once.ts';
import { readConfig } from '../../shared/config.ts';
import { gcsStore } from '../../shared/google/storage.ts';
import { toJson } from '../../shared/objects/json.ts';
import { outputFolder } from '../../shared/runs/names.ts';

const config = readConfig(process.env, attemptVariables);
const of = { pipeline: config.PIPELINE, run: config.RUN_ID, attempt: config.ATTEMPT };
const runs = gcsStore(config.RUNS_BUCKET, config);
const results = gcsStore(config.RESULTS_BUCKET, config);
const requests = gcsStore(config.REQUESTS_BUCKET ?? '', config);
const files = await fetchFiles(runs, await readInputManifest(runs, of.pipeline, of.run), requests);
const { seconds, ends, units } = parametersIn(files);
const LONG_MS = 24 * 60 * 60 * 1000;
await wait(ends === 'hang' ? LONG_MS : Number(seconds) * 1000);
const writtenAt = new Date().toISOString();
// As Cloud Run ends a container that needs too much memory.
if (ends === 'die-once' && of.attempt === 1) process.kill(process.pid, 'SIGKILL');
if (ends === 'fail') throw new Error('asked to fail');
if (ends === 'refuse') {
  const problem = { file: 'parameters', found: 'refuse', expected: 'succeed', message: 'asked to refuse' };
  const refusal = { reason: problem.message, problems: [problem], problemCount: 1 };
  await writeManifest(results, { kind: 'refusal', ...of, writtenAt, ...refusal });
}
if (ends === 'succeed' || ends === 'die-once') {
  const write = (name: string, type: string, text: string) =>
    writeOnce(results, outputFolder(of.pipeline, of.run, of.attempt) + name, type, () => Readable.from([text]));
  const answer = await write('answer.json', 'application/json', toJson({ slept: Number(seconds), units: Number(units) }));
  const csv = await write('answer.csv', 'text/csv', 'slept\\n' + String(seconds) + '\\n');
  await writeManifest(results, { kind: 'output', ...of, writtenAt, files: [answer, csv], rows: 0 });
}
`,
  'jobs/sleep/Dockerfile': readFileSync(join(ROOT, 'jobs/forecast/Dockerfile'), 'utf8')
    .replace(/^# .*/, '# The sample job of requested runs.')
    .replace('bundle-job.ts forecast', 'bundle-job.ts sleep')
    .replace(/^RUN apt-get update[^]*?\/dpkg\.log\n/m, ''),
};
