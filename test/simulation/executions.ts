// Cloud Run Jobs in virtual time: local Cloud Run's own records, with a JavaScript promise in place of a process.
import type { VirtualClock } from '../../local/clock.ts';
import { afterAttempt, withNextAttempt } from '../../local/run/progress.ts';
import type { Ending, ExecutionRecord, JobSpec } from '../../local/run/records.ts';
import { RunStore } from '../../local/run/store.ts';
import { completionOf } from '../../local/run/views.ts';
import type { State } from '../../local/state/state.ts';
import { messageOf, PermanentError } from '../../shared/errors.ts';
import type { AttemptKey, Execution, Found, JobRunner } from '../../shared/executions/runner.ts';
import { jobNameOf, type Pipeline } from '../../shared/pipelines/pipeline.ts';
import { isWatchRun, sequenceOf } from '../../shared/runs/names.ts';
import type { Decisions, Rates } from './decisions.ts';
import type { Instance, Wire } from './wire.ts';

/** Of every execution. Cloud Run's own timeout does not end one that is stuck or overruns. */
type Fate = 'starts-twice' | 'hangs' | 'is-stuck' | 'overruns' | 'exits-early' | 'crashes' | 'crashes-late';
const RATES: Rates<Fate> = {
  'starts-twice': 0.05,
  hangs: 0.04,
  'is-stuck': 0.03,
  overruns: 0.05,
  'exits-early': 0.04,
  crashes: 0.05,
  'crashes-late': 0.03,
};

const specOf = (pipeline: Pipeline): JobSpec & { readonly args: readonly string[] } => ({
  name: `projects/simulation/locations/europe-west1/jobs/${jobNameOf(pipeline)}`,
  image: pipeline.job.image,
  env: {},
  serviceAccountEmail: 'job@simulation',
  maxRetries: 0,
  timeoutSeconds: pipeline.job.timeout / 1000,
  args: [],
});
const GRACE_MS = 10_000;
const MINUTE_MS = 60_000;

export interface Started {
  readonly key: AttemptKey;
  readonly name: string;
  /** Why it may fail: what was done to it on purpose. */
  excuse: string | undefined;
  readonly container: Instance;
}

/** Does the job's work in a container; resolves when its process exits. */
export type Work = (key: AttemptKey, container: Instance, compute: () => Promise<void>) => Promise<void>;

export class SimulatedExecutions {
  readonly started: Started[] = [];
  /** Started a second time by one submission: the mesh cannot know of them. */
  readonly twins = new Set<string>();
  readonly #store: RunStore;
  readonly #clock: VirtualClock;
  readonly #wire: Wire;
  readonly #decisions: Decisions;
  readonly #work: Work;
  readonly #onStart: (key: AttemptKey, by: Instance) => void;
  readonly #onEnded: (record: ExecutionRecord) => void;
  readonly #spec: ReturnType<typeof specOf>;

  constructor(o: {
    state: State;
    /** Whose job it is. */
    pipeline: Pipeline;
    wire: Wire;
    work: Work;
    /** Called before an execution is recorded. */
    onStart: (key: AttemptKey, by: Instance) => void;
    /** Called once an end is recorded. */
    onEnded: (record: ExecutionRecord) => void;
  }) {
    this.#store = new RunStore(o.state);
    this.#wire = o.wire;
    this.#clock = o.wire.clock;
    this.#decisions = o.wire.decisions;
    this.#work = o.work;
    this.#onStart = o.onStart;
    this.#onEnded = o.onEnded;
    this.#spec = specOf(o.pipeline);
  }

  /** Newest first. */
  all(): readonly ExecutionRecord[] {
    return this.#store.executions(this.#spec.name, 1000).items;
  }

  running(): readonly ExecutionRecord[] {
    return this.#store.running();
  }

  /** Throws when it has ended. */
  cancel(name: string, excuse: string): void {
    const record = this.#store.execution(name);
    if (record?.state !== 'running') throw new PermanentError(`${name} has already completed`);
    this.#store.putExecution({ ...record, cancelRequested: true });
    const started = this.started.find((other) => other.name === name);
    if (started === undefined) return;
    started.excuse ??= excuse;
    const endsInMs = this.#decisions.draw(`${name} is cancelled`) * GRACE_MS;
    this.#clock.at(this.#clock.now() + endsInMs, () => {
      const lingers = started.excuse === 'overruns';
      this.#end(started, { kind: 'signalled', signal: 15, message: 'Container terminated.' }, lingers);
    });
  }

  /** The job runner as an instance sees it, with the answers of `shared/google/run.ts`. */
  port(instance: Instance): JobRunner {
    const call = <T>(what: string, retried: boolean, effect: () => T): Promise<T> =>
      this.#wire.call({ instance, what: `run.${what}`, effect, retried });
    return {
      start: (key) =>
        call(`start ${key.run} attempt ${key.attempt}`, false, () => this.#start(key, instance)),
      find: (key) =>
        call(`find ${key.run} attempt ${key.attempt}`, true, (): Found => {
          const found = this.all().filter(({ spec }) => carries(spec.env, key));
          const alive = found.find(({ state }) => state === 'running' || state === 'succeeded');
          const [newest = undefined] = found;
          const chosen = alive ?? newest;
          return chosen === undefined ? { kind: 'none' } : { kind: 'found', execution: executionOf(chosen) };
        }),
      get: (name) =>
        call(`get ${name}`, true, () => {
          const found = this.#store.execution(name);
          return found && executionOf(found);
        }),
      recent: (sinceMs) =>
        call('list', true, () => {
          const found = this.all().filter(({ createdAtMs }) => createdAtMs >= sinceMs);
          return { executions: found.map((each) => ({ ...executionOf(each), key: keyOf(each) })), sinceMs };
        }),
      cancel: (name) => call(`cancel ${name}`, false, () => this.cancel(name, 'the sweep cancelled it')),
    };
  }

  #start(key: AttemptKey, by: Instance): string {
    this.#onStart(key, by);
    const label = `execution ${this.started.length + 1} of run ${shortOf(key.run)} attempt ${key.attempt}`;
    const fate = this.#decisions.strike(label, RATES);
    const name = this.#begin(key, label, fate);
    if (fate === 'starts-twice') this.twins.add(this.#begin(key, `${label} again`, undefined));
    return name;
  }

  #begin(key: AttemptKey, label: string, fate: Fate | undefined): string {
    const name = `${this.#spec.name}/executions/${String(this.started.length + 1).padStart(5, '0')}`;
    const nowMs = this.#clock.now();
    const env = { PIPELINE: key.pipeline, RUN_ID: key.run, ATTEMPT: String(key.attempt) };
    this.#store.addExecution({
      ...{
        name,
        job: this.#spec.name,
        uid: name,
        spec: { ...this.#spec, env },
        logFile: '',
        state: 'running',
        attempts: 0,
      },
      ...{ cancelRequested: false, createdAtMs: nowMs, lastChangeMs: nowMs },
    });
    const container = this.#wire.instance(`job: ${label}`, 0);
    const started: Started = { key, name, excuse: undefined, container };
    this.started.push(started);
    container.onDeath = () => {
      started.excuse ??= container.cause;
      this.#end(
        started,
        { kind: 'signalled', signal: 9, message: 'Container terminated on signal 9.' },
        false,
      );
    };
    this.#clock.at(
      nowMs + 1000 + this.#decisions.draw(`${label} begins`) * 9000,
      () => void this.#drive(started, label, fate),
    );
    return name;
  }

  async #drive(started: Started, label: string, fate: Fate | undefined): Promise<void> {
    const record = this.#store.execution(started.name);
    if (record?.state !== 'running') return;
    this.#store.putExecution(withNextAttempt(record, this.#clock.now()));
    this.#timeOut(started, fate);
    if (fate === 'hangs' || fate === 'is-stuck') {
      started.excuse = fate;
      return;
    }
    if (fate === 'exits-early') {
      started.excuse = fate;
      return this.#end(started, { kind: 'exited', exitCode: 0, message: '' }, false);
    }
    if (fate === 'crashes' || fate === 'crashes-late' || fate === 'overruns') started.excuse = fate;
    const compute = async () => {
      const minutes = (fate === 'overruns' ? 31 : 0.5) + 15 * this.#decisions.draw(`${label} takes`);
      await this.#wire.pause(started.container, minutes * MINUTE_MS);
      if (fate === 'crashes') this.#wire.kill(started.container, 'out of memory');
      await this.#wire.pause(started.container, 0);
    };
    try {
      await this.#work(started.key, started.container, compute);
      this.#end(started, { kind: 'exited', exitCode: fate === 'crashes-late' ? 1 : 0, message: '' }, false);
    } catch (error) {
      // A call that the weather kept failing ends the job; an error of the job's own has no excuse.
      if (!(error instanceof PermanentError)) started.excuse ??= messageOf(error);
      this.#end(started, { kind: 'exited', exitCode: 1, message: messageOf(error) }, false);
    }
  }

  #timeOut(started: Started, fate: Fate | undefined): void {
    if (fate === 'is-stuck' || fate === 'overruns') return;
    this.#clock.at(this.#clock.now() + this.#spec.timeoutSeconds * 1000, () =>
      this.#end(started, { kind: 'timed-out', signal: 15, message: 'The timeout was reached.' }, false),
    );
  }

  /** A process that lingers writes for a while after its execution has ended. */
  #end(started: Started, ending: Ending, lingers: boolean): void {
    const record = this.#store.execution(started.name);
    if (record?.state !== 'running') return;
    const next = afterAttempt(record, ending, this.#clock.now());
    if (next.kind === 'end') {
      this.#store.putExecution(next.record);
      this.#onEnded(next.record);
    }
    if (!lingers) this.#wire.kill(started.container, ending.message || 'it has ended');
  }
}

/** A run as a trace names it. */
export const shortOf = (run: string): string => (isWatchRun(run) ? String(sequenceOf(run)) : run.slice(-6));

function carries(env: Readonly<Record<string, string>>, key: AttemptKey): boolean {
  return env.PIPELINE === key.pipeline && env.RUN_ID === key.run && env.ATTEMPT === String(key.attempt);
}

const keyOf = ({ spec: { env } }: ExecutionRecord): AttemptKey => ({
  pipeline: env.PIPELINE ?? '',
  run: env.RUN_ID ?? '',
  attempt: Number(env.ATTEMPT),
});

const executionOf = (record: ExecutionRecord): Execution => ({
  name: record.name,
  state: record.state,
  startedAtMs: record.startedAtMs,
  completedAtMs: record.completedAtMs,
  message: completionOf(record).message,
});
