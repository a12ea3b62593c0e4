// The client of the requests API: typed calls, repeated where an answer was lost, and every refusal as one sentence.
import type { z } from 'zod';
import { BoundError, messageOf, PermanentError, TransientError } from '../../shared/errors.ts';
import type { ApiFunction } from '../../shared/api/routes.ts';
import { estimateView, gateAnswer, job, jobList, presetList, type Job } from '../../shared/api/schemas.ts';
import { refusalOf } from './refusal.ts';

export type Estimate = z.infer<typeof estimateView>;
export type Decided = z.infer<typeof gateAnswer>;
export type JobList = z.infer<typeof jobList>;
export type PresetList = z.infer<typeof presetList>;

/** As `runBody` takes it: fields without a value are left out. */
export interface RunRequest {
  readonly pipeline: string;
  readonly preset?: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly max_cost?: number;
  readonly priority?: number;
}

export interface ClientPorts {
  readonly addressOf: (name: ApiFunction) => string;
  /** The value of the header `Authorization`. */
  readonly authorization: () => Promise<string>;
  readonly fetch: typeof fetch;
  readonly pause: (ms: number) => Promise<void>;
}

/** What a poll found: the job, or that nothing has changed since the ETag. */
export type Polled =
  | {
      readonly kind: 'job';
      readonly job: Job;
      readonly etag: string | undefined;
      readonly retryAfterMs: number;
    }
  | { readonly kind: 'unchanged'; readonly retryAfterMs: number };

export interface Poll {
  readonly etag?: string | undefined;
  /** The answer may wait so long for a change. */
  readonly waitSeconds?: number;
  readonly signal?: AbortSignal;
}

interface Call {
  readonly to: ApiFunction;
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

const MOST_TRIES = 4;
const FIRST_PAUSE_MS = 500;
/** A longer pause is the caller's to decide on. */
const LONGEST_PAUSE_MS = 10_000;
const LONGEST_CALL_MS = 60_000;
const LARGEST_ANSWER_BYTES = 16 * 1024 * 1024;
const DEFAULT_RETRY_MS = 1_000;

/** Every call can be repeated: a request by its key, and the rest because the first decision stands. */
export class RequestsClient {
  readonly #ports: ClientPorts;

  constructor(ports: ClientPorts) {
    this.#ports = ports;
  }

  async estimate(body: Omit<RunRequest, 'max_cost' | 'priority'>): Promise<Estimate> {
    return this.#json(estimateView, { to: 'accept-requests', method: 'POST', path: '/cost-estimate', body });
  }

  /** The same key with the same body is the same job. */
  async request(body: RunRequest, key: string): Promise<Job> {
    const headers = { 'Idempotency-Key': key };
    return this.#json(job, { to: 'accept-requests', method: 'POST', path: '/pipeline/run', body, headers });
  }

  async poll(id: string, { etag, waitSeconds, signal }: Poll = {}): Promise<Polled> {
    const answer = await this.#call({
      to: 'read-requests',
      method: 'GET',
      path: pathOf(id),
      headers: {
        ...(etag === undefined ? {} : { 'If-None-Match': etag }),
        ...(waitSeconds === undefined ? {} : { Prefer: `wait=${waitSeconds}` }),
      },
      signal,
    });
    const retryAfterMs = retryAfter(answer) ?? DEFAULT_RETRY_MS;
    if (answer.status === 304) return { kind: 'unchanged', retryAfterMs };
    const found = await parsed(answer, job);
    return { kind: 'job', job: found, etag: answer.headers.get('etag') ?? undefined, retryAfterMs };
  }

  async jobs(query: Readonly<Record<string, string>>): Promise<JobList> {
    const path = `/pipeline/jobs?${new URLSearchParams(query).toString()}`;
    return this.#json(jobList, { to: 'read-requests', method: 'GET', path });
  }

  async cancel(id: string, reason: string): Promise<Decided> {
    return this.#decide(id, 'cancel', { reason });
  }

  async approve(id: string, reason: string, estimateHash: string): Promise<Decided> {
    return this.#decide(id, 'approve', { reason, estimate_hash: estimateHash });
  }

  async reject(id: string, reason: string, estimateHash: string): Promise<Decided> {
    return this.#decide(id, 'reject', { reason, estimate_hash: estimateHash });
  }

  async erase(id: string): Promise<void> {
    await this.#call({ to: 'accept-requests', method: 'DELETE', path: `${pathOf(id)}/content` });
  }

  /** A link to the result, or to an attachment of it, that is good for minutes. */
  async resultLink(id: string, file: string | undefined): Promise<string> {
    const query = file === undefined ? '' : `?${new URLSearchParams({ file }).toString()}`;
    const answer = await this.#call({
      to: 'read-requests',
      method: 'GET',
      path: `${pathOf(id)}/result${query}`,
    });
    const location = answer.headers.get('location');
    if (location === null)
      throw new PermanentError(`the job ${id} was answered without a link to its result`);
    return new URL(location, this.#ports.addressOf('read-requests')).toString();
  }

  async presets(): Promise<PresetList> {
    return this.#json(presetList, { to: 'read-requests', method: 'GET', path: '/presets' });
  }

  async #decide(id: string, verb: string, body: object): Promise<Decided> {
    const path = `${pathOf(id)}/${verb}`;
    return this.#json(gateAnswer, { to: 'accept-requests', method: 'POST', path, body });
  }

  async #json<S extends z.ZodType>(schema: S, call: Call): Promise<z.infer<S>> {
    return parsed(await this.#call(call), schema);
  }

  /** Throws `PermanentError` for a refusal, and `TransientError` where the last try got no answer. */
  async #call(call: Call): Promise<Response> {
    for (let attempt = 1; ; attempt += 1) {
      const tried = await this.#once(call);
      if (tried.kind === 'answer' && !isPassing(tried.answer.status)) return good(tried.answer);
      call.signal?.throwIfAborted();
      const pauseMs =
        (tried.kind === 'answer' && retryAfter(tried.answer)) || FIRST_PAUSE_MS * 2 ** (attempt - 1);
      if (attempt === MOST_TRIES || pauseMs > LONGEST_PAUSE_MS) {
        if (tried.kind === 'answer') throw await refusalOf(tried.answer);
        throw noAnswer(call, tried.cause);
      }
      await this.#ports.pause(pauseMs);
    }
  }

  async #once({ to, method, path, body, headers = {}, signal }: Call): Promise<Tried> {
    const address = this.#ports.addressOf(to);
    const authorization = await this.#ports.authorization();
    const limit = AbortSignal.timeout(LONGEST_CALL_MS);
    try {
      const answer = await this.#ports.fetch(`${address}${path}`, {
        method,
        headers: {
          authorization,
          ...headers,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        redirect: 'manual',
        signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
      });
      return { kind: 'answer', answer };
    } catch (cause) {
      return { kind: 'none', cause };
    }
  }
}

type Tried =
  | { readonly kind: 'answer'; readonly answer: Response }
  | { readonly kind: 'none'; readonly cause: unknown };

const pathOf = (id: string): string => `/pipeline/job/${encodeURIComponent(id)}`;

const isPassing = (status: number): boolean => status === 429 || status >= 500;

/** 304 and 302 are answers as well. */
async function good(answer: Response): Promise<Response> {
  if (answer.status < 400) return answer;
  throw await refusalOf(answer);
}

function retryAfter({ headers }: Response): number | undefined {
  const text = headers.get('retry-after') ?? '';
  return /^\d{1,6}$/.test(text) ? Number(text) * 1000 : undefined;
}

async function parsed<S extends z.ZodType>(answer: Response, schema: S): Promise<z.infer<S>> {
  const length = Number(answer.headers.get('content-length') ?? 0);
  if (length > LARGEST_ANSWER_BYTES)
    throw new BoundError(`${answer.url} answered ${length} bytes; expected at most ${LARGEST_ANSWER_BYTES}`);
  const read = schema.safeParse(await answer.json().catch(() => undefined));
  if (read.success) return read.data;
  throw new PermanentError(
    `${answer.url} answered in a form that this version does not read; bring the checkout and the deployment to the same version`,
    { cause: read.error },
  );
}

const noAnswer = ({ method, path }: Call, cause: unknown): TransientError =>
  new TransientError(`${method} ${path} got no answer after ${MOST_TRIES} tries: ${messageOf(cause)}`, {
    cause,
    code: 'SERVICE_UNAVAILABLE',
  });
