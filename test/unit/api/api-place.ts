// The fixture of the requests API's unit tests: both functions as they are composed, over stores in memory, in virtual time.
import assert from 'node:assert/strict';
import {
  exportJWK,
  generateKeyPair,
  SignJWT,
  type CryptoKey,
  type JSONWebKeySet,
  type JWTPayload,
} from 'jose';
import { pino } from 'pino';
import { composeAcceptRequests } from '../../../functions/accept-requests/compose.ts';
import { composeReadRequests } from '../../../functions/read-requests/compose.ts';
import type { Answer, StreamedAnswer, WholeCall } from '../../../shared/http/call.ts';
import type { RunRequested } from '../../../shared/events/messages.ts';
import { MemoryStore } from '../../../shared/objects/memory.ts';
import type { ObjectStore } from '../../../shared/objects/store.ts';
import type { RequestsPipeline } from '../../../shared/pipelines/pipeline.ts';
import { samplePipeline } from './sample-pipeline.ts';

export const AUDIENCE = 'sluice-requests';
export const ADA = 'ada@example.com';
export const BOB = 'bob@example.com';
export const EVE = 'eve@elsewhere.example';
export const APPROVER = 'grace@example.com';

let pair: Promise<{ readonly privateKey: CryptoKey; readonly keys: JSONWebKeySet }> | undefined;
const keyPair = () =>
  (pair ??= generateKeyPair('RS256', { extractable: true }).then(async ({ privateKey, publicKey }) => {
    const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' };
    return { privateKey, keys: { keys: [jwk] } };
  }));

export interface LogLine {
  readonly level: number;
  readonly msg: string;
}

interface Sent {
  readonly as?: string | undefined;
  readonly body?: unknown;
  readonly key?: string | undefined;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** In place of the JSON of `body`. */
  readonly bytes?: Buffer;
}

export interface Received {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export class ApiPlace {
  readonly runs = new MemoryStore('runs');
  readonly requests = new MemoryStore('requests');
  readonly audit = new MemoryStore('audit');
  readonly results = new MemoryStore('results');
  readonly lines: LogLine[] = [];
  readonly hints: RunRequested[] = [];
  readonly links: string[] = [];
  nowMs = Date.UTC(2026, 10, 27, 3);
  /** Called at each wait, with its time already past. */
  onWait: () => void | Promise<void> = () => undefined;
  /** Stands in front of a bucket. */
  wrap: (store: ObjectStore) => ObjectStore = (store) => store;
  #ids = 0;
  #keys: JSONWebKeySet = { keys: [] };
  readonly #pipelines: readonly RequestsPipeline[];
  readonly #settings: Readonly<Record<string, unknown>>;

  constructor(
    pipelines: readonly RequestsPipeline[] = [
      samplePipeline('sample'),
      samplePipeline('asked-first', { approval: 'before-start' }),
    ],
    settings: Readonly<Record<string, unknown>> = {},
  ) {
    this.#pipelines = pipelines;
    this.#settings = {
      SAMPLE_CALLERS: 'domain:example.com',
      SAMPLE_APPROVERS: '',
      ASKED_FIRST_CALLERS: ADA,
      ASKED_FIRST_APPROVERS: APPROVER,
      CORS_ORIGINS: [],
      ...settings,
    };
  }

  async token(email: string, claims: JWTPayload = {}): Promise<string> {
    const { privateKey, keys } = await keyPair();
    this.#keys = keys;
    const iat = Math.floor(this.nowMs / 1000);
    return new SignJWT({
      ...{ email, email_verified: true, hd: email.split('@')[1] },
      ...{ iss: 'https://accounts.google.com', aud: AUDIENCE, sub: `sub-of-${email}` },
      ...{ iat, exp: iat + 3600, ...claims },
    })
      .setProtectedHeader({ alg: 'RS256', kid: 'k1' })
      .sign(privateKey);
  }

  /** The two functions, each as a new instance. */
  open() {
    const log = pino(
      { level: 'debug' },
      { write: (line: string) => void this.lines.push(JSON.parse(line) as LogLine) },
    );
    const stores: Readonly<Record<string, MemoryStore>> = {
      runs: this.runs,
      requests: this.requests,
      audit: this.audit,
      results: this.results,
    };
    const adapters = {
      objects: (bucket: string) => this.wrap(stores[bucket]!),
      topic: () => ({ publish: async (message: unknown) => void this.hints.push(message as RunRequested) }),
      tokenKeys: () => ({
        google: async () => this.#keys,
        identityPlatform: async () => ({ keys: [] }),
        iap: async () => ({ keys: [] }),
      }),
      links: (bucket: string) => ({
        sign: async ({ object, expiresSeconds }: { object: string; expiresSeconds: number }) => {
          this.links.push(object);
          return `https://storage.example/${bucket}/${object}?expires=${expiresSeconds}`;
        },
      }),
      pipelines: new Map(this.#pipelines.map((pipeline) => [pipeline.name, pipeline])),
      now: () => this.nowMs,
      newId: () => `id-${(this.#ids += 1)}`,
      wait: async (ms: number) => {
        this.nowMs += ms;
        await this.onWait();
      },
      createLog: () => log,
      openTracing: () => ({ during: <T>(work: () => Promise<T>) => work() }),
    };
    const config = {
      GOOGLE_CLOUD_PROJECT: 'test',
      ...{
        RUNS_BUCKET: 'runs',
        REQUESTS_BUCKET: 'requests',
        AUDIT_BUCKET: 'audit',
        RESULTS_BUCKET: 'results',
      },
      ...{ RUN_REQUESTED_TOPIC: 'run-requested', API_AUDIENCES: [AUDIENCE], IDENTITY_PLATFORM_PROJECT: '' },
      ...this.#settings,
    };
    const accept = composeAcceptRequests(config as never, adapters as never);
    const read = composeReadRequests(config as never, adapters as never);
    return {
      accept: (target: string, sent: Sent = {}) => this.#send(accept.answer, target, sent),
      read: (target: string, sent: Sent = {}) => this.#send(read.answer, target, sent),
    };
  }

  async #send(
    answer: (call: WholeCall) => Promise<Answer | StreamedAnswer>,
    target: string,
    sent: Sent,
  ): Promise<Received> {
    const [method = '', url = ''] = target.split(' ');
    const { as, body, key, headers = {} } = sent;
    const distinct: Record<string, readonly string[]> = {};
    for (const [name, value] of Object.entries(headers)) distinct[name] = [value].flat();
    if (as !== undefined) distinct['authorization'] = [`Bearer ${await this.token(as)}`];
    if (key !== undefined) distinct['idempotency-key'] = [key];
    const joined = Object.entries(distinct).map(([name, values]) => [name, values.join(', ')]);
    const given = await answer({
      method,
      path: url.split('?')[0] ?? '',
      query: url.split('?')[1] ?? '',
      headers: Object.fromEntries(joined) as WholeCall['headers'],
      distinct,
      bytes: sent.bytes ?? (body === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(body))),
      contentType:
        headers['content-type'] === undefined ? 'application/json' : String(headers['content-type']),
      encoding: headers['content-encoding'] as string | undefined,
      tooLong: (sent.bytes?.length ?? 0) > 1_000_000,
    });
    const text = 'text' in given ? given.text : await together(given.pieces);
    const isJson = (given.headers['content-type'] ?? '').includes('json');
    return { ...given, text, body: isJson && text !== '' ? (JSON.parse(text) as Received['body']) : {} };
  }
}

async function together(pieces: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
}

export const idOf = ({ body }: Received): string => String(body['job_id']);

export function refusedAs(received: Received, status: number, name: string): void {
  assert.equal(received.status, status, received.text);
  assert.equal(received.body['type'], `urn:sluice:problem:${name}`, received.text);
  assert.equal(received.headers['content-type'], 'application/problem+json');
  assert.match(String(received.body['trace_id']), /^[0-9a-f]{32}$/);
}
