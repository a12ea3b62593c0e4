// The console over stores in memory, whose calls are counted, with a clock of its own and a person who is signed in.
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JSONWebKeySet } from 'jose';
import { pino } from 'pino';
import { AllStandings } from '../../../functions/console/reading/all.ts';
import { openJobs } from '../../../functions/console/reading/jobs.ts';
import { Forecasts } from '../../../functions/console/reading/forecast.ts';
import { DeadLettersRead } from '../../../functions/console/reading/dead-letters.ts';
import type { Field } from '../../../functions/console/forms/form.ts';
import type { Ports } from '../../../functions/console/ports.ts';
import { serve } from '../../../functions/console/serve.ts';
import { ASSERTION } from '../../../shared/access/assertion.ts';
import { KeySet } from '../../../shared/access/key-set.ts';
import type { BytesAnswer, WholeCall } from '../../../shared/http/call.ts';
import type { RecordedSpan } from '../../../shared/tracing/recorded.ts';
import { MemoryLog } from './memory-log.ts';
import { toJson } from '../../../shared/objects/json.ts';
import { MemoryStore } from '../../../shared/objects/memory.ts';
import type { ObjectStore } from '../../../shared/objects/store.ts';
import type { Pipeline } from '../../../shared/pipelines/pipeline.ts';
import type { requestersOf } from '../../../shared/pipelines/requesters.ts';
import type { Row } from '../../../shared/warehouse/warehouse.ts';
import { metadataOfRequest } from '../../../shared/runs/cause.ts';
import {
  executionObject,
  outcomeObject,
  requestObject,
  startedObject,
  stateObject,
} from '../../../shared/runs/names.ts';
import { metadataOf } from '../../../shared/runs/outcome.ts';

/** How the runs differ; by default all were published at once by the schedule. */
export interface Published {
  readonly atMs?: (sequence: number) => number;
  readonly failed?: (sequence: number) => boolean;
  readonly byPerson?: (sequence: number) => boolean;
}

const AUDIENCE = '/projects/1/locations/europe-west1/services/console';
const JSON_TYPE = 'application/json';
export const PERSON = 'ada@example.org';

/** How long each call to a store takes, for a measurement. */
export type Latency = () => Promise<void>;

export class ConsolePlace {
  readonly runs = new MemoryStore('runs');
  readonly requests = new MemoryStore('requests');
  readonly audit = new MemoryStore('audit');
  readonly exports = new MemoryStore('exports');
  readonly results = new MemoryStore('results');
  /** Set before a page is read. */
  readonly people: { readers: string[]; requesters: Map<string, ReturnType<typeof requestersOf>> } = {
    readers: [],
    requesters: new Map(),
  };
  /** Entries of the ledger, in any order. */
  readonly ledger: Row[] = [];
  readonly log = new MemoryLog();
  spans: readonly RecordedSpan[] = [];
  readonly calls: string[] = [];
  /** What happens to a call before it is answered: nothing, or it fails, or it is never answered. */
  fault: (call: string) => Promise<unknown> | undefined = () => undefined;
  nowMs = Date.UTC(2026, 10, 27, 12);
  readonly #key: CryptoKey;
  readonly #answer: (call: Parameters<ReturnType<typeof serve>>[0]) => Promise<BytesAnswer>;

  private constructor(
    pipelines: readonly Pipeline[],
    key: CryptoKey,
    keys: JSONWebKeySet,
    latency: Latency,
    changes: Partial<Ports>,
  ) {
    this.#key = key;
    const now = () => this.nowMs;
    const [runs, requests] = [this.runs, this.requests].map((store) => this.#counted(store, latency)) as [
      ObjectStore,
      ObjectStore,
    ];
    const ports: Ports = {
      project: 'test',
      pipelines: new Map(pipelines.map((pipeline) => [pipeline.name, pipeline])),
      runs,
      results: this.#counted(this.results, latency),
      audit: this.#counted(this.audit, latency),
      requests,
      exports: this.#counted(this.exports, latency),
      jobs: openJobs({ runs, requests }),
      warehouse: {
        quoted: ({ dataset, table }) => `${dataset}.${table}`,
        query: async (_sql, { id, before }) => {
          await this.fault('query ledger');
          return this.ledger
            .filter((row) => id === undefined || row['publication_id'] === id)
            .filter((row) => before === undefined || Number(row['ordinal']) < Number(before))
            .toSorted((one, other) => Number(other['ordinal']) - Number(one['ordinal']));
        },
        load: () => Promise.reject(new Error('the console loads nothing')),
        script: () => Promise.reject(new Error('the console runs no script')),
        drop: () => Promise.reject(new Error('the console drops nothing')),
      },
      jobLog: this.log,
      traces: { spansOf: () => Promise.resolve(this.spans) },
      all: new AllStandings(),
      forecasts: new Forecasts(now),
      operators: [PERSON],
      people: this.people,
      deadLetters: new DeadLettersRead({
        list: () =>
          Promise.resolve({ deadLetters: [], count: 0, isAll: true, readAt: new Date(now()).toISOString() }),
        now,
        wait: () => new Promise(() => undefined),
        log: pino({ level: 'silent' }),
      }),
      send: () => Promise.reject(new Error('no command is expected')),
      now,
      wait: () => new Promise(() => undefined),
      newId: () => '3fa9c1d2-0000',
      log: pino({ level: 'silent' }),
      ...changes,
    };
    const fetchKeys = () => Promise.resolve(keys);
    this.#answer = serve(ports, { keys: new KeySet({ fetchKeys, now }), audience: AUDIENCE, now });
  }

  /** `changes`: other ports than those of a mesh in which nothing was published. */
  static async open(
    pipelines: readonly Pipeline[],
    latency: Latency = () => Promise.resolve(),
    changes: Partial<Ports> = {},
  ) {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
    const keys = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k', alg: 'ES256' }] };
    return new ConsolePlace(pipelines, privateKey, keys, latency, changes);
  }

  /** Reads a page, as a browser does; `calls` then has the storage calls of this page alone. */
  async get(url: string, headers: Readonly<Record<string, string>> = {}): Promise<BytesAnswer> {
    this.calls.length = 0;
    const body = { bytes: new Uint8Array(), contentType: undefined, encoding: undefined, tooLong: false };
    return this.#call('GET', url, headers, {}, await this.assertion(), body);
  }

  /** Sends a form of the console's own page; another assertion may be given. */
  async post(url: string, fields: readonly Field[], assertion?: string): Promise<BytesAnswer> {
    const own = { origin: ['https://console.example'], 'sec-fetch-site': ['same-origin'] };
    const text = new URLSearchParams(
      fields.map(([name, value]): [string, string] => [name, value]),
    ).toString();
    const contentType = 'application/x-www-form-urlencoded';
    const body = { bytes: Buffer.from(text), contentType, encoding: undefined, tooLong: false };
    const headers = { host: 'console.example' };
    return this.#call('POST', url, headers, own, assertion ?? (await this.assertion()), body);
  }

  #call(
    method: string,
    url: string,
    headers: Readonly<Record<string, string>>,
    distinct: Readonly<Record<string, string[]>>,
    assertion: string,
    body: Pick<WholeCall, 'bytes' | 'contentType' | 'encoding' | 'tooLong'>,
  ): Promise<BytesAnswer> {
    // As it stands in the call: a parser of addresses would take `//host/` apart.
    const [path = '', ...query] = url.split('?');
    const all = { ...distinct, [ASSERTION]: [assertion] };
    return this.#answer({ method, path, query: query.join('?'), headers, distinct: all, ...body });
  }

  /** A pipeline whose newest run is `runs`, each with as many objects as a run has. */
  async publish(pipeline: string, runs: number, how: Published = {}): Promise<void> {
    const { atMs = () => this.nowMs, failed = () => false, byPerson = () => false } = how;
    const nowMs = this.nowMs;
    for (let sequence = 1; sequence <= runs; sequence++) {
      this.nowMs = atMs(sequence);
      const run = runOf(sequence);
      await this.#execute(pipeline, run);
      for (const file of ['flux-1', 'flux-2', 'openings-3', 'openings-4', 'transco-5'])
        await this.runs.create(`${pipeline}/${run}/input/${file}.frozen`, 'x', 'application/octet-stream');
      const outcome = {
        ...{ pipeline, run, code: null, reason: '172 rows are published.' },
        outcome: failed(sequence) ? ('failed' as const) : ('published' as const),
        ...{ attempt: 1, rows: 172, at: new Date(this.nowMs).toISOString() },
      };
      await this.runs.create(outcomeObject(pipeline, run), toJson(outcome), JSON_TYPE, metadataOf(outcome));
      const request = this.#request(pipeline, sequence, byPerson(sequence));
      await this.runs.create(
        requestObject(pipeline, run),
        toJson(request),
        JSON_TYPE,
        metadataOfRequest(request),
      );
    }
    const request = this.#request(pipeline, runs, false);
    this.nowMs = nowMs;
    const state = { token: 't', request, revision: request.revision, poll: null, paused: null, stale: null };
    await this.runs.create(stateObject(pipeline), toJson(state), JSON_TYPE);
  }

  async #execute(pipeline: string, run: string): Promise<void> {
    const at = new Date(this.nowMs).toISOString();
    const key = { pipeline, run, attempt: 1 };
    const execution = `projects/test/locations/europe-west1/jobs/j/executions/j-${run.slice(0, 6)}`;
    const intent = { ...key, token: 't', at };
    await this.runs.create(executionObject(pipeline, run, 1), toJson(intent), JSON_TYPE);
    await this.runs.create(startedObject(pipeline, run, 1), toJson({ ...key, execution, at }), JSON_TYPE);
  }

  #request(pipeline: string, sequence: number, byPerson: boolean) {
    const [kind, by] = byPerson ? (['person', PERSON] as const) : (['schedule', 'scheduler'] as const);
    return {
      ...{
        pipeline,
        run: runOf(sequence),
        sequence,
        revision: '3fa9c1d2'.repeat(8),
        snapshot: [],
        nonce: null,
      },
      requestedAt: new Date(this.nowMs).toISOString(),
      cause: { kind, by, reason: null },
    };
  }

  #counted(store: ObjectStore, latency: Latency): ObjectStore {
    const { calls } = this;
    const fault = (call: string) => this.fault(call);
    return new Proxy(store, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== 'function') return member;
        return async (...given: readonly unknown[]) => {
          const call = `${String(name)} ${target.bucket}/${String(given[0])}`;
          calls.push(call);
          await latency();
          await fault(call);
          return (member as (...all: unknown[]) => unknown).apply(target, [...given]);
        };
      },
    });
  }

  /** Of a person who was signed in at that time. */
  assertion({ email = PERSON, atMs = this.nowMs } = {}): Promise<string> {
    const seconds = Math.floor(atMs / 1000);
    return new SignJWT({ email })
      .setProtectedHeader({ alg: 'ES256', kid: 'k' })
      .setIssuer('https://cloud.google.com/iap')
      .setAudience(AUDIENCE)
      .setSubject('accounts.google.com:1')
      .setIssuedAt(seconds)
      .setExpirationTime(seconds + 600)
      .sign(this.#key);
  }
}

const runOf = (sequence: number): string => `${String(sequence).padStart(6, '0')}-3fa9c1d2`;
