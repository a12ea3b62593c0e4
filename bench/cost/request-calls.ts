// Counts what one requested run calls and writes: the functions themselves, over stores in memory.
import { publishResult } from '../../functions/publish-output/publish-result.ts';
import { sweepRequests } from '../../functions/sweep-runs/sweep-requests.ts';
import type { ObjectStore } from '../../shared/objects/store.ts';
import { ApiPlace } from '../../test/unit/api/api-place.ts';
import { ResultPlace, RUN, answerText } from '../../test/unit/publish-output/result-place.ts';
import { DispatchPlace } from '../../test/unit/start-run/dispatch-place.ts';
import { NO_FAULT, type Fault } from '../../test/unit/start-run/faults.ts';
import { sleeps } from '../../test/ports/sleeps.ts';

/** Calls by their class, as Cloud Storage bills them: a deletion is free. */
export interface Calls {
  readonly classA: number;
  readonly classB: number;
  readonly bytesWritten: number;
  readonly logBytes: number;
}

export interface RequestCalls {
  /** One call of POST /pipeline/run that is accepted, by an instance that knows the pipeline's history. */
  readonly accept: Calls;
  /** What each run adds to the dispatches that prepare, start and end it. */
  readonly run: Calls;
  /** What a dispatch calls whatever it starts. */
  readonly dispatch: Calls;
  readonly publish: Calls;
  /** One poll of a job. */
  readonly poll: Calls;
  /** A sweep of a pipeline whose queue and slots are empty. */
  readonly sweep: Calls;
}

const CLASS_A = new Set(['create', 'createFrom', 'replace', 'copyFrom', 'list', 'first']);
const CLASS_B = new Set(['readText', 'readStart', 'read', 'info']);
const NOTHING: Calls = { classA: 0, classB: 0, bytesWritten: 0, logBytes: 0 };

class Counter {
  #calls = NOTHING;

  called(method: string, content?: unknown): void {
    const { classA, classB, bytesWritten, logBytes } = this.#calls;
    const written = method === 'create' && typeof content === 'string' ? Buffer.byteLength(content) : 0;
    this.#calls = {
      classA: classA + Number(CLASS_A.has(method)),
      classB: classB + Number(CLASS_B.has(method)),
      bytesWritten: bytesWritten + written,
      logBytes,
    };
  }

  readonly fault: Fault = {
    before: (call) => this.called(/\.(\w+) /.exec(call)?.[1] ?? ''),
    after: NO_FAULT.after,
  };

  /** With what the lines of a log hold; Cloud Logging's own fields are counted as its page says, by the line. */
  total(lines: readonly object[] = []): Calls {
    const logBytes = lines.reduce<number>((sum, line) => sum + lengthOf(line) + LINE_BYTES, 0);
    return { ...this.#calls, logBytes };
  }
}

/** Without the process and the machine, whose names differ from one run of this count to the next. */
const lengthOf = (line: object): number =>
  JSON.stringify({ ...line, pid: undefined, hostname: undefined }).length;

/** What Cloud Logging adds to a line: resource, labels, trace and times. Assumed. */
const LINE_BYTES = 500;
const RUNS = 10;

const minus = (more: Calls, less: Calls, by = 1): Calls => ({
  classA: (more.classA - less.classA) / by,
  classB: (more.classB - less.classB) / by,
  bytesWritten: (more.bytesWritten - less.bytesWritten) / by,
  logBytes: (more.logBytes - less.logBytes) / by,
});

export async function countRequest(): Promise<RequestCalls> {
  const [one, many] = [await dispatched(1), await dispatched(1 + RUNS)];
  const run = minus(many, one, RUNS);
  return {
    ...(await answered()),
    run,
    // Three dispatches: one starts the run, one finds it running, one frees its slot.
    dispatch: minus(minus(one, run), NOTHING, DISPATCHES),
    publish: await published(),
    sweep: await swept(),
  };
}

const DISPATCHES = 3;

/** Each request is of another owner: the bound of waiting requests is then listed for each. */
async function answered(): Promise<Pick<RequestCalls, 'accept' | 'poll'>> {
  const counter = new Counter();
  const place = new ApiPlace();
  place.wrap = (store) => counted(store, counter);
  const { accept, read } = place.open();
  const ask = (as: string) =>
    accept('POST /pipeline/run', {
      ...{ as, key: 'k', body: { pipeline: 'sample', parameters: { seconds: 2 } } },
    });
  const first = await ask('first@example.com');
  const [before, linesBefore] = [counter.total(), place.lines.length];
  await ask('second@example.com');
  const accepted = minus(counter.total(place.lines.slice(linesBefore)), before);
  const poll = `GET ${first.headers['location']}`;
  await read(poll, { as: 'first@example.com' });
  const beforePoll = counter.total();
  await read(poll, { as: 'first@example.com' });
  return { accept: accepted, poll: minus(counter.total(), beforePoll) };
}

const counted = (store: ObjectStore, counter: Counter): ObjectStore =>
  new Proxy(store, {
    get(target, method) {
      const own: unknown = Reflect.get(target, method);
      if (typeof own !== 'function' || typeof method !== 'string') return own;
      return (...given: unknown[]): unknown => {
        counter.called(method, given[1]);
        return own.apply(target, given);
      };
    },
  });

/** So many requests of as many owners, all started at once, from their entries to their free slots. */
async function dispatched(runs: number): Promise<Calls> {
  const counter = new Counter();
  const place = new DispatchPlace({ concurrency: 100 });
  for (let index = 0; index < runs; index++) await place.ask({ owner: `owner-${index}` });
  await place.dispatch(counter.fault);
  await place.dispatch(counter.fault);
  await place.work();
  await place.publish();
  await place.dispatch(counter.fault);
  return counter.total(place.lines);
}

async function swept(): Promise<Calls> {
  const counter = new Counter();
  const place = new DispatchPlace();
  await place.ask();
  await place.finish();
  const { runs, results, requests, now, log } = place.ports(counter.fault);
  const lines = place.lines.length;
  const publisher = { publish: async () => undefined };
  await sweepRequests(place.pipeline, {
    ...{ runs, results, requests, now, log, overdueMs: 0 },
    ...{ runRequested: publisher, loadRequested: publisher },
  });
  return counter.total(place.lines.slice(lines));
}

async function published(): Promise<Calls> {
  const counter = new Counter();
  const place = new ResultPlace();
  await place.decide(1);
  await place.write({ 'answer.json': answerText });
  await publishResult({ pipeline: sleeps, run: RUN, attempt: 1 }, place.ports(counter.fault));
  return counter.total(place.lines);
}
