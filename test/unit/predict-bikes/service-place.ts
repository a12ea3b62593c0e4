// The fixture of the service's unit tests: predict-bikes as it is composed, over a bucket in memory, in virtual time.
import { pino } from 'pino';
import { composePredictBikes } from '../../../functions/predict-bikes/compose.ts';
import type { Answer, Call } from '../../../shared/http/call.ts';
import type { Task } from '../../../models/bikes/bundle.ts';
import { bikes } from '../../../pipelines/bikes.ts';
import { MemoryStore } from '../../../shared/objects/memory.ts';
import type { ObjectStore } from '../../../shared/objects/store.ts';

export interface LogLine {
  readonly level: number;
  readonly msg: string;
  readonly publication?: string;
}

export class ServicePlace {
  readonly exports = new MemoryStore('exports');
  readonly lines: LogLine[] = [];
  nowMs = Date.UTC(2026, 0, 5);
  /** Made true, waits end at once, as if their time had passed. */
  timePasses = false;

  /** `store` stands in front of the bucket. */
  open(task: Task, store: ObjectStore = this.exports) {
    const log = pino(
      { level: 'info' },
      { write: (line: string) => void this.lines.push(JSON.parse(line) as LogLine) },
    );
    const service = composePredictBikes(
      {
        GOOGLE_CLOUD_PROJECT: 'test',
        PIPELINE: 'bikes',
        SERVICE: task,
        MODEL: task,
        EXPORTS_BUCKET: 'exports',
      },
      {
        objects: () => store,
        pipelines: new Map([['bikes', bikes]]),
        now: () => this.nowMs,
        newId: () => 'id',
        wait: () => (this.timePasses ? Promise.resolve() : new Promise(() => undefined)),
        createLog: () => log,
        openTracing: () => ({ during: (work) => work() }),
      },
    );
    return new Client(service);
  }
}

export class Client {
  readonly service: ReturnType<typeof composePredictBikes>;

  constructor(service: ReturnType<typeof composePredictBikes>) {
    this.service = service;
  }

  /** Sends a body, of which `about` says more. */
  send(
    method: string,
    path: string,
    body: string | Uint8Array = '',
    about: Partial<Call> = {},
  ): Promise<Answer> {
    const bytes = Buffer.from(body);
    const said = { contentType: 'application/json', encoding: undefined, tooLong: false };
    return this.service.answer({ method, path, bytes, ...said, ...about });
  }

  predict(body: unknown): Promise<Answer> {
    return this.send('POST', '/predict', JSON.stringify(body));
  }

  async get(path: string): Promise<Shown> {
    return shownOf(await this.send('GET', path));
  }

  async refresh(): Promise<Shown> {
    return shownOf(await this.send('POST', '/refresh_model'));
  }
}

export interface Shown {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Body;
}

/** What the tests read of an answer. */
export interface Body {
  readonly predictions?: readonly number[];
  readonly label?: readonly string[];
  readonly model?: {
    readonly version: string;
    readonly type: string;
    readonly metric: string;
    readonly score: number;
  };
  readonly warnings?: readonly { readonly record: number; readonly message: string }[];
  readonly detail?: string;
  readonly code?: string;
  readonly problems?: readonly {
    readonly record?: number;
    readonly field: string;
    readonly found: string;
    readonly expected: string;
  }[];
  readonly problemCount?: number;
  readonly status?: string | number;
  readonly changed?: boolean;
  readonly champion?: { readonly version: string; readonly loaded: readonly string[] } | null;
  readonly serving?: { readonly version: string };
  readonly pinned?: boolean;
  readonly register?: readonly { readonly version: string }[];
  readonly failure?: {
    readonly code: string;
    readonly message: string;
    readonly version?: string;
    readonly tries: number;
  };
}

export const shownOf = ({ status, headers, text }: Answer): Shown => ({
  status,
  headers,
  body: JSON.parse(text) as Body,
});

/** The bucket, of which reads can be replaced. */
export function standIn(of: MemoryStore, own: Partial<ObjectStore>): ObjectStore {
  return new Proxy<ObjectStore>(of, {
    get(target, name) {
      const value: unknown = Reflect.get(Object.hasOwn(own, name) ? own : target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
