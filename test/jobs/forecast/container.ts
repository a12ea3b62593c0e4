// Runs the job as its container does: a process with an environment, and Cloud Storage over HTTP.
import type { Bucket } from '@google-cloud/storage';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { SourceFile } from '../../../jobs/forecast/workbook/read.ts';
import { goodFlux, goodOpenings, goodTransco } from './folder.ts';
import { LONGEST_PROCESS_MS } from '../../waiting.ts';

export const RUN = '000001-3fa9c1d2';
/** Of this process's variables, what has nothing to do with the job: where programs are, and modules compiled before. */
export const MACHINE = { PATH: process.env['PATH'], NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] };

/** The job as it stands in the tree. */
export const SOURCES: readonly string[] = [
  process.execPath,
  fileURLToPath(new URL('../../../jobs/forecast/main.ts', import.meta.url)),
];

/** What the job's environment says of a cloud at `origin`, with one bucket for all. */
export const environmentAt = (origin: string): Readonly<Record<string, string>> => ({
  GOOGLE_CLOUD_PROJECT: 'sluice-local',
  GOOGLE_API_ENDPOINT: origin,
  // It stands alone, with no metadata server to ask for a token: its trace is lost, and its work is not.
  METADATA_SERVER_DETECTION: 'none',
  GCE_METADATA_HOST: new URL(origin).host,
  PIPELINE: 'carmila',
  RUN_ID: RUN,
  ATTEMPT: '1',
  RUNS_BUCKET: 'bkt',
  RESULTS_BUCKET: 'bkt',
  TRAINING_CACHE_BUCKET: 'bkt',
});

const WITHOUT_XGBOOST = { XGBOOST_LIBRARY: '/nowhere/libxgboost.so.0', ENGINE_FALLBACK: 'seasonal' };

export async function runJob(
  origin: string,
  env: Record<string, string | undefined> = {},
  [program = '', ...args]: readonly string[] = SOURCES,
) {
  const child = spawn(program, args, {
    env: { ...MACHINE, ...environmentAt(origin), ...WITHOUT_XGBOOST, ...env },
    timeout: LONGEST_PROCESS_MS,
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  return { code, stdout, stderr };
}

/** Writes the files and their manifest, as start-run freezes them. */
export async function freeze(
  bucket: Bucket,
  sources: readonly SourceFile[] = [goodFlux(), goodTransco(), goodOpenings()],
): Promise<void> {
  const files = [];
  for (const [index, { role, name, bytes }] of sources.entries()) {
    const object = `carmila/${RUN}/input/${role}-${index}.xlsx`;
    await bucket.file(object).save(bytes, { resumable: false });
    const md5 = createHash('md5').update(bytes).digest('base64');
    files.push({ role, name, object, sizeBytes: bytes.length, md5 });
  }
  const manifest = { pipeline: 'carmila', run: RUN, revision: 'r', files, frozenAt: '2025-03-31T00:00:00Z' };
  await bucket.file(`carmila/${RUN}/input.json`).save(JSON.stringify(manifest), { resumable: false });
}
