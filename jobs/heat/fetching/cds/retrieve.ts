// Retrieves one month: attaches to the job that stands, or submits one; waits for it; downloads its file and checks the size.
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { TransientError } from '../../../../shared/errors.ts';
import { LIMITS } from '../../formats/limits.ts';
import { UnusableFile } from '../../formats/unusable.ts';
import { describedFile, type FetchedFile } from '../fetched-files.ts';
import { sendRepeatedly } from '../http/sender.ts';
import { allowedUrl } from '../places.ts';
import type { FetchPorts } from '../ports.ts';
import { CdsApi, type Job, type Result } from './api.ts';
import type { MonthOfInputs } from './inputs.ts';
import { JobRecords } from './job-records.ts';

/** Jobs for one month: one that failed or expired is followed by another. */
const MOST_JOBS = 3;
const MOST_SUBMISSIONS = 5;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 120_000;
const DOWNLOAD_TIMEOUT_MS = 900_000;
/** Clocks of the service and of the job differ by less. */
const CLOCK_SKEW_MS = 300_000;
const GONE = new Set(['failed', 'dismissed', 'deleted', 'rejected']);

interface Retrieval {
  readonly ports: FetchPorts;
  readonly api: CdsApi;
  readonly records: JobRecords;
  readonly month: MonthOfInputs;
  /** How errors call what is retrieved. */
  readonly file: string;
}

/**
 * ```
 *  intent-1 ── submit ── job-1 ── poll … successful ── results ── download ── manifest
 *     └ killed here: it may have been submitted. The next attempt finds it by its inputs in the list of jobs.
 * ```
 */
export async function retrieveMonth(
  ports: FetchPorts,
  key: string,
  folder: string,
  month: MonthOfInputs,
  onDisk: string,
): Promise<FetchedFile> {
  const file = `${month.dataset} ${month.month}`;
  const api = new CdsApi(ports.sending, key);
  const retrieval = { ports, api, month, file, records: new JobRecords(ports.store, folder) };
  let reason = '';
  for (let n = 1; n <= MOST_JOBS; n++) {
    const id = (await retrieval.records.jobOf(n)) ?? (await submitted(retrieval, n));
    const ended = await resultOf(retrieval, id);
    if (typeof ended !== 'string') return downloaded(retrieval, ended, onDisk);
    reason = `job ${id} ${ended}`;
    ports.sending.info(`${file}: ${reason}`);
  }
  throw new UnusableFile({
    file,
    found: `${reason}, the last of ${MOST_JOBS} jobs`,
    expected: 'a job of the Climate Data Store that succeeds; check the period, the variables and the extent',
  });
}

/** Submits, unless an earlier attempt did: then its job is found and recorded. */
async function submitted(retrieval: Retrieval, n: number): Promise<string> {
  const { ports, api, records, month, file } = retrieval;
  const { at, isEarlier } = await records.intend(n, ports.clock().toISOString());
  let mayExist = isEarlier;
  let reason = '';
  for (let attempt = 1; attempt <= MOST_SUBMISSIONS; attempt++) {
    const found = mayExist ? await alreadySubmitted(retrieval, at, n) : undefined;
    if (found !== undefined) return records.record(n, found);
    const answer = await api.submit(file, month);
    if (answer.kind === 'accepted') return records.record(n, answer.id);
    mayExist ||= answer.kind === 'unknown';
    reason = answer.reason;
    ports.sending.info(`${file}: the job was not accepted, or nothing is known (${reason})`);
    const asked = answer.kind === 'not-accepted' ? (answer.pauseMs ?? 0) : 0;
    await ports.sending.wait(Math.min(Math.max(FIRST_PAUSE_MS * 4 ** attempt, asked), LONGEST_PAUSE_MS));
  }
  throw new TransientError(`${file}: ${reason}, ${MOST_SUBMISSIONS} times; the next attempt submits it`);
}

/** The job with these inputs that was created since the intent, and that no earlier submission is known as. */
async function alreadySubmitted(
  { api, records, month, file }: Retrieval,
  since: string,
  n: number,
): Promise<string | undefined> {
  const earlier = new Set<string | undefined>();
  for (let other = 1; other < n; other++) earlier.add(await records.jobOf(other));
  const oldest = Date.parse(since) - CLOCK_SKEW_MS;
  for (const listed of await api.newestJobs(file)) {
    if (listed.processID !== month.dataset || GONE.has(listed.status) || earlier.has(listed.jobID)) continue;
    if (!(timeOf(listed) >= oldest)) continue;
    const inputs =
      listed.metadata?.request?.ids ?? (await api.job(file, listed.jobID))?.metadata?.request?.ids;
    if (canonical(inputs) === canonical(month.inputs)) return listed.jobID;
  }
  return undefined;
}

/** Times without a zone are UTC. */
const timeOf = ({ created = '' }: Job): number =>
  Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(created) ? created : `${created}Z`);

/** Keys in order; the service may have ordered them otherwise. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  );

/** Waits for the job; a text says how it ended without a result. */
async function resultOf({ ports, api, file }: Retrieval, id: string): Promise<Result | string> {
  const until = ports.clock().getTime() + ports.longestWaitMs;
  let pause = FIRST_PAUSE_MS;
  for (let last = ''; ;) {
    const job = await api.job(file, id);
    if (job === undefined) return 'is no longer known';
    if (job.status !== last) ports.sending.info(`${file}: job ${id} is ${job.status}`);
    last = job.status;
    if (job.status === 'failed') return `failed: ${await api.failureOf(file, id)}`;
    if (job.status === 'successful') return (await api.result(file, id)) ?? 'has a result that expired';
    if (job.status !== 'accepted' && job.status !== 'running') return `is ${job.status}`;
    if (ports.clock().getTime() + pause > until)
      throw new TransientError(
        `${file}: job ${id} of the Climate Data Store is ${job.status}; the next attempt waits for the same job`,
      );
    await ports.sending.wait(pause);
    pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS);
  }
}

async function downloaded(
  { ports, file, month }: Retrieval,
  { href, base, sizeBytes }: Result,
  onDisk: string,
): Promise<FetchedFile> {
  if (sizeBytes > LIMITS.mostBytes)
    throw new UnusableFile({
      file,
      found: `a result of ${sizeBytes} bytes`,
      expected: `at most ${LIMITS.mostBytes} bytes: a smaller extent`,
    });
  const path = join(onDisk, `cds-${month.month}`);
  const answer = await sendRepeatedly(
    ports.sending,
    {
      file,
      method: 'GET',
      url: allowedUrl(href, base, ports.sending.places, file),
      mostBytes: sizeBytes,
      timeoutMs: DOWNLOAD_TIMEOUT_MS,
      into: path,
    },
    ({ status, sizeBytes: size }) =>
      status === 200 && size !== sizeBytes ? `the download has ${size} of ${sizeBytes} bytes` : undefined,
  );
  if (answer.status !== 200)
    throw new TransientError(`${file}: the download answered ${answer.status}; the next attempt tries again`);
  const name = `era5_${month.month}.${await endingOf(file, path)}`;
  return describedFile(name, path);
}

async function endingOf(file: string, path: string): Promise<string> {
  await using handle = await open(path);
  const { buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0);
  const start = buffer.toString('latin1');
  if (start === 'GRIB') return 'grib';
  if (start.startsWith('CDF') || start === '\u0089HDF') return 'nc';
  const found = start.startsWith('PK') ? 'a ZIP archive' : `the bytes ${buffer.toString('hex')}`;
  throw new UnusableFile({ file, found, expected: 'a GRIB or NetCDF file' });
}
