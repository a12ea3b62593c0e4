// Drives executions: attempt after attempt, each recorded before it begins, until the execution has ended.
import type { Clock } from '../clock.ts';
import { startAttempt, type Attempt } from './attempt.ts';
import { endLeftovers, MARK } from './leftovers.ts';
import { lineLog, type LineLog } from './lines.ts';
import { afterAttempt, withNextAttempt } from './progress.ts';
import { shortName, type Ending, type ExecutionRecord } from './records.ts';
import type { RunStore } from './store.ts';

/** Where an identity finds the cloud: metadata server, endpoint, project. */
export type EnvOf = (serviceAccountEmail: string) => Promise<Record<string, string>>;

/** What a container image is on this machine. */
export interface Image {
  readonly command: readonly string[];
  readonly cwd: string;
  /** The variables that a request may set; those of the infra program are not bounded by it. */
  readonly variables: readonly string[];
}

export interface ExecutorOptions {
  readonly clock: Clock;
  readonly envOf: EnvOf;
  readonly images: (image: string) => Image | undefined;
  readonly onLog?: (line: { execution: string; job: string; text: string }) => void;
  /** Called in the transaction that records the end. */
  readonly onEnded?: (execution: ExecutionRecord) => void;
}

/** For the log: `exit code 0`, `timed-out`. */
const howEnded = ({ kind, exitCode }: Ending): string =>
  exitCode === undefined ? kind : `exit code ${exitCode}`;

const LOST: Ending = { kind: 'lost', message: 'The container was lost with the machine it ran on.' };

export class Executor {
  readonly #options: ExecutorOptions;
  readonly #store: RunStore;
  #attempts = new Map<string, Attempt>();
  #drives = new Map<string, Promise<void>>();
  #stopping = false;

  constructor(options: ExecutorOptions, store: RunStore) {
    this.#options = options;
    this.#store = store;
  }

  /** Ends processes that an earlier start left running, then continues those executions. */
  takeUp(running: readonly ExecutionRecord[]): void {
    this.#stopping = false;
    const left = running.filter((execution) => !this.#drives.has(execution.name));
    const ended = endLeftovers(left.map((execution) => execution.uid));
    for (const execution of left) this.begin(execution, ended);
  }

  /** Drives the execution to its end, once `first` is done. */
  begin({ name, job, logFile }: ExecutionRecord, first: Promise<void> = Promise.resolve()): void {
    const log = lineLog(logFile, (text) => this.#options.onLog?.({ execution: name, job, text }));
    const drive = first
      .then(() => this.#drive(name, log))
      .catch((error: Error) => {
        log.write(`(the execution cannot go on: ${error.message})`);
        this.#end({ ...this.#read(name), state: 'failed' }, { kind: 'not-started', message: error.message });
      })
      .finally(() => {
        this.#drives.delete(name);
        log.close();
      });
    this.#drives.set(name, drive);
  }

  /** SIGTERM to the running attempt, SIGKILL ten seconds later. */
  terminate(name: string): void {
    this.#attempts.get(name)?.terminate();
  }

  /** SIGKILL to the running attempt, as when its machine is lost. */
  crash(name: string): void {
    this.#attempts.get(name)?.kill();
  }

  /** Is kept when the execution has ended, or the executor has stopped. */
  async settled(name: string): Promise<void> {
    await this.#drives.get(name);
  }

  /** SIGKILL to every child; their executions stay recorded as running. */
  async stop(): Promise<void> {
    this.#stopping = true;
    for (const attempt of this.#attempts.values()) attempt.kill();
    await Promise.all(this.#drives.values());
  }

  async #drive(name: string, log: LineLog): Promise<void> {
    const { clock } = this.#options;
    let record = this.#read(name);
    // An attempt that was begun by a former life is over.
    let ending = record.attempts > 0 || record.cancelRequested ? LOST : undefined;
    for (;;) {
      if (ending !== undefined) {
        const next = afterAttempt(record, ending, clock.now());
        const which = `Cloud Run attempt ${record.attempts} of ${record.spec.maxRetries + 1}`;
        log.write(`(process ended: ${howEnded(ending)}; ${which})`);
        if (next.kind === 'end') return this.#putEnded(next.record);
      }
      if (this.#stopping) return;
      record = withNextAttempt(record, clock.now());
      this.#store.putExecution(record);
      ending = await this.#attempt(record, log);
      // What was killed to stop is tried again by the next life; what ended by itself has ended.
      if (this.#stopping && ending.kind !== 'exited') return;
      // A cancellation may have been recorded meanwhile.
      record = this.#read(name);
    }
  }

  async #attempt(record: ExecutionRecord, log: LineLog): Promise<Ending> {
    const { images, envOf, clock } = this.#options;
    const { spec } = record;
    const image = images(spec.image);
    if (image === undefined) return { kind: 'not-started', message: `Image '${spec.image}' not found.` };
    const env = environmentOf(record, await envOf(spec.serviceAccountEmail));
    // Cancelled or stopped while the identity's environment was looked up.
    if (this.#stopping || this.#read(record.name).cancelRequested) return LOST;
    const command = [...image.command, ...spec.args];
    const attempt = startAttempt({
      command,
      cwd: image.cwd,
      env,
      timeoutSeconds: spec.timeoutSeconds,
      clock,
      log,
    });
    this.#attempts.set(record.name, attempt);
    const ending = await attempt.ended;
    this.#attempts.delete(record.name);
    // Attempts never overlap: a descendant that left the process group must not meet its successor.
    if (ending.exitCode !== 0) await endLeftovers([record.uid]);
    return ending;
  }

  #end(record: ExecutionRecord, lastEnding: Ending): void {
    const nowMs = this.#options.clock.now();
    this.#putEnded({ ...record, lastEnding, completedAtMs: nowMs, lastChangeMs: nowMs });
  }

  #putEnded(record: ExecutionRecord): void {
    this.#store.transaction(() => {
      this.#store.putExecution(record);
      this.#options.onEnded?.(record);
    });
  }

  #read(name: string): ExecutionRecord {
    const record = this.#store.execution(name);
    if (record === undefined) throw new Error(`the record of ${name} does not exist`);
    return record;
  }
}

const INHERITED = ['PATH', 'HOME', 'TMPDIR', 'NODE_COMPILE_CACHE', 'NODE_COMPILE_CACHE_PORTABLE'];

/** What Cloud Run sets wins over the job's own, as it does there. */
function environmentOf(record: ExecutionRecord, identity: Record<string, string>): Record<string, string> {
  const inherited = INHERITED.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []));
  return {
    ...(Object.fromEntries(inherited) as Record<string, string>),
    ...identity,
    ...record.spec.env,
    CLOUD_RUN_JOB: shortName(record.job),
    CLOUD_RUN_EXECUTION: shortName(record.name),
    CLOUD_RUN_TASK_INDEX: '0',
    CLOUD_RUN_TASK_ATTEMPT: String(record.attempts - 1),
    CLOUD_RUN_TASK_COUNT: '1',
    [MARK]: record.uid,
  };
}
