// The retrieve API of the Climate Data Store, of 2024 and later: processes, jobs and results, with the key in PRIVATE-TOKEN.
import { z } from 'zod';
import { messageOf } from '../../../../shared/errors.ts';
import { quoted } from '../../formats/unusable.ts';
import type { Answer } from '../http/http.ts';
import { bodyOf } from '../http/json.ts';
import {
  askedPauseMs,
  reasonOf,
  refusalBy,
  sendOnce,
  sendRepeatedly,
  type Request,
  type Sending,
} from '../http/sender.ts';
import type { MonthOfInputs } from './inputs.ts';

const SERVICE = 'the Climate Data Store';
const MOST_JSON_BYTES = 4 * 2 ** 20;
const TIMEOUT_MS = 60_000;
const [CREATED, NOT_FOUND] = [201, 404];
/** Nothing was begun: the request waits for its turn outside. */
const NOT_ACCEPTED = 429;
const MOST_LISTED = 20;

const jobId = z.string().regex(/^[0-9a-zA-Z-]{8,64}$/);
const job = z.object({
  jobID: jobId,
  processID: z.string().optional(),
  status: z.string(),
  created: z.string().optional(),
  metadata: z.object({ request: z.object({ ids: z.unknown() }).nullish() }).nullish(),
});
const jobs = z.object({ jobs: z.array(job).max(1_000) });
const results = z.object({
  asset: z.object({
    value: z.object({ href: z.string().min(1).max(4_096), 'file:size': z.int().min(1) }),
  }),
});
const failure = z.object({
  title: z.string().optional(),
  detail: z.unknown().optional(),
  traceback: z.unknown().optional(),
});

export type Job = z.infer<typeof job>;

/** The three answers to a submission (law 3). */
export type Submitted =
  | { readonly kind: 'accepted'; readonly id: string }
  | {
      readonly kind: 'not-accepted';
      readonly reason: string;
      /** What the service asks for. */
      readonly pauseMs?: number | undefined;
    }
  | { readonly kind: 'unknown'; readonly reason: string };

export interface Result {
  readonly href: string;
  readonly base: URL;
  readonly sizeBytes: number;
}

export class CdsApi {
  readonly #sending: Sending;
  readonly #root: string;
  readonly #key: string;

  constructor(sending: Sending, key: string) {
    this.#sending = sending;
    this.#root = `${sending.places.cds}/retrieve/v1`;
    this.#key = key;
  }

  /** Throws where the service refuses the inputs or the key. */
  async submit(file: string, { dataset, inputs }: MonthOfInputs): Promise<Submitted> {
    const outcome = await sendOnce(this.#sending, {
      ...this.#request(file, `/processes/${dataset}/execution`),
      method: 'POST',
      headers: { ...this.#headers, 'content-type': 'application/json' },
      body: JSON.stringify({ inputs }),
    });
    if (outcome.kind === 'not-sent') return { kind: 'not-accepted', reason: messageOf(outcome.cause) };
    if (outcome.kind !== 'answered') return { kind: 'unknown', reason: reasonOf(outcome) };
    const { answer } = outcome;
    if (answer.status === CREATED || answer.status === 200)
      return { kind: 'accepted', id: bodyOf(answer, job, file, SERVICE).jobID };
    if (answer.status === NOT_ACCEPTED)
      return { kind: 'not-accepted', reason: reasonOf(outcome), pauseMs: askedPauseMs(answer) };
    if (answer.status >= 500 || answer.status === 408) return { kind: 'unknown', reason: reasonOf(outcome) };
    throw refused(file, answer, `a request that ${dataset} accepts`);
  }

  /** Undefined where the service does not know it, or no longer. */
  async job(file: string, id: string): Promise<Job | undefined> {
    const answer = await this.#get(file, `/jobs/${id}?request=true`);
    return answer.status === NOT_FOUND ? undefined : bodyOf(answer, job, file, SERVICE);
  }

  /** The newest of the key's owner. */
  async newestJobs(file: string): Promise<readonly Job[]> {
    const answer = await this.#get(file, `/jobs?sortby=-created&limit=${MOST_LISTED}`);
    return bodyOf(answer, jobs, file, SERVICE).jobs.slice(0, MOST_LISTED);
  }

  /** Undefined where the result has expired. */
  async result(file: string, id: string): Promise<Result | undefined> {
    const path = `/jobs/${id}/results`;
    const answer = await this.#get(file, path);
    if (answer.status === NOT_FOUND) return undefined;
    const { value } = bodyOf(answer, results, file, SERVICE).asset;
    return { href: value.href, base: new URL(`${this.#root}${path}`), sizeBytes: value['file:size'] };
  }

  /** Why a job failed, in the service's own words. */
  async failureOf(file: string, id: string): Promise<string> {
    const answer = await sendRepeatedly(this.#sending, this.#request(file, `/jobs/${id}/results`));
    const parsed = failure.safeParse(jsonOf(answer));
    const { title, detail, traceback } = parsed.success ? parsed.data : {};
    const texts = [title, detail, traceback].filter((text) => typeof text === 'string' && text !== '');
    return quoted(texts.join(': ').slice(-200) || `answer ${answer.status}`);
  }

  async #get(file: string, path: string): Promise<Answer> {
    const answer = await sendRepeatedly(this.#sending, this.#request(file, path));
    if (answer.status === 200 || answer.status === NOT_FOUND) return answer;
    throw refused(file, answer, `an answer to ${path.split('?', 1)[0]}`);
  }

  #request(file: string, path: string): Request {
    return {
      file,
      method: 'GET',
      url: `${this.#root}${path}`,
      headers: this.#headers,
      mostBytes: MOST_JSON_BYTES,
      timeoutMs: TIMEOUT_MS,
    };
  }

  get #headers(): Record<string, string> {
    return { 'private-token': this.#key, accept: 'application/json' };
  }
}

/** The key is all that the service knows of the deployment. */
const refused = (file: string, answer: Answer, expected: string): Error =>
  refusalBy(
    SERVICE,
    file,
    answer,
    expected,
    'Check the key: the secret that the setting cdsSecret of the pipeline names, CDS_API_KEY in the job. Its owner must ' +
      'also have accepted the licence of the data',
  );

function jsonOf({ body }: Answer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
