// The console over stores in memory, whose calls are counted, with a clock of its own and a person who is signed in.
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JSONWebKeySet } from 'jose';
import { pino } from 'pino';
import { AllStandings } from '../../../functions/console/reading/all.ts';
import { openJobs } from '../../../functions/console/reading/jobs.ts';
import { Forecasts } from '../../../functions/console/reading/forecast.ts';
import type { Ports } from '../../../functions/console/ports.ts';
import { serve } from '../../../functions/console/serve.ts';
import { ASSERTION } from '../../../shared/access/assertion.ts';
import { KeySet } from '../../../shared/access/key-set.ts';
import type { BytesAnswer } from '../../../shared/http/call.ts';
import { toJson } from '../../../shared/objects/json.ts';
import { MemoryStore } from '../../../shared/objects/memory.ts';
import type { ObjectStore } from '../../../shared/objects/store.ts';
import type { Pipeline } from '../../../shared/pipelines/pipeline.ts';
import type { requestersOf } from '../../../shared/pipelines/requesters.ts';
import type { Row } from '../../../shared/warehouse/warehouse.ts';
import { outcomeObject, requestObject, stateObject } from '../../../shared/runs/names.ts';
import { metadataOf } from '../../../shared/runs/outcome.ts';

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
  readonly calls: string[] = [];
  nowMs = Date.UTC(2026, 10, 27, 12);
  readonly #key: CryptoKey;
  readonly #answer: (call: Parameters<ReturnType<typeof serve>>[0]) => Promise<BytesAnswer>;

  private constructor(pipelines: readonly Pipeline[], key: CryptoKey, keys: JSONWebKeySet, latency: Latency) {
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
        query: (_sql, { id, before }) =>
          Promise.resolve(
            this.ledger
              .filter((row) => id === undefined || row['publication_id'] === id)
              .filter((row) => before === undefined || Number(row['ordinal']) < Number(before))
              .toSorted((one, other) => Number(other['ordinal']) - Number(one['ordinal'])),
          ),
        load: () => Promise.reject(new Error('the console loads nothing')),
        script: () => Promise.reject(new Error('the console runs no script')),
        drop: () => Promise.reject(new Error('the console drops nothing')),
      },
      all: new AllStandings(),
      forecasts: new Forecasts(now),
      operators: [PERSON],
      people: this.people,
      send: () => Promise.reject(new Error('no command is expected')),
      now,
      newId: () => '3fa9c1d2-0000',
      log: pino({ level: 'silent' }),
    };
    const fetchKeys = () => Promise.resolve(keys);
    this.#answer = serve(ports, { keys: new KeySet({ fetchKeys, now }), audience: AUDIENCE, now });
  }

  static async open(pipelines: readonly Pipeline[], latency: Latency = () => Promise.resolve()) {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
    const keys = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k', alg: 'ES256' }] };
    return new ConsolePlace(pipelines, privateKey, keys, latency);
  }

  /** Reads a page, as a browser does; `calls` then has the storage calls of this page alone. */
  async get(url: string, headers: Readonly<Record<string, string>> = {}): Promise<BytesAnswer> {
    const { pathname: path, search } = new URL(url, 'https://console.example');
    const assertion = await this.#assertion();
    this.calls.length = 0;
    const call = {
      method: 'GET',
      path,
      query: search.slice(1),
      headers,
      distinct: { [ASSERTION]: [assertion] },
    };
    const body = { bytes: new Uint8Array(), contentType: undefined, encoding: undefined, tooLong: false };
    return this.#answer({ ...call, ...body });
  }

  /** A pipeline whose newest run is `runs`, each with as many objects as a run has. */
  async publish(pipeline: string, runs: number): Promise<void> {
    const at = new Date(this.nowMs).toISOString();
    for (let sequence = 1; sequence <= runs; sequence++) {
      const run = runOf(sequence);
      for (const name of ['decision.json', 'execution-1-started.json', 'execution-1.json', 'input.json'])
        await this.runs.create(`${pipeline}/${run}/${name}`, '{}', JSON_TYPE);
      for (const file of ['flux-1', 'openings-2', 'transco-3'])
        await this.runs.create(`${pipeline}/${run}/input/${file}.frozen`, 'x', 'application/octet-stream');
      const outcome = {
        ...{ pipeline, run, outcome: 'published' as const, code: null, reason: '172 rows are published.' },
        ...{ attempt: 1, rows: 172, at },
      };
      await this.runs.create(outcomeObject(pipeline, run), toJson(outcome), JSON_TYPE, metadataOf(outcome));
      await this.runs.create(
        requestObject(pipeline, run),
        toJson(this.#request(pipeline, sequence)),
        JSON_TYPE,
      );
    }
    const request = this.#request(pipeline, runs);
    const state = { token: 't', request, revision: request.revision, poll: null, paused: null, stale: null };
    await this.runs.create(stateObject(pipeline), toJson(state), JSON_TYPE);
  }

  #request(pipeline: string, sequence: number) {
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
      cause: { kind: 'schedule', by: 'scheduler', reason: null },
    };
  }

  #counted(store: ObjectStore, latency: Latency): ObjectStore {
    const calls = this.calls;
    return new Proxy(store, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== 'function') return member;
        return async (...given: readonly unknown[]) => {
          calls.push(`${String(name)} ${target.bucket}/${String(given[0])}`);
          await latency();
          return (member as (...all: unknown[]) => unknown).apply(target, [...given]);
        };
      },
    });
  }

  #assertion(): Promise<string> {
    const seconds = Math.floor(this.nowMs / 1000);
    return new SignJWT({ email: PERSON })
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
