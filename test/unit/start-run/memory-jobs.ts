// A job runner in memory, whose executions run until the test ends them.
import { TransientError } from '../../../shared/errors.ts';
import type {
  AttemptKey,
  Found,
  JobRunner,
  KeyedExecution,
  Recent,
} from '../../../shared/executions/runner.ts';

/** Executions that run until the test ends them. */
export class MemoryJobs implements JobRunner {
  readonly executions: KeyedExecution[] = [];
  readonly cancelled: string[] = [];
  readonly #now: () => number;
  onStart: (key: AttemptKey) => void = () => undefined;
  /** How often the next submission is executed; Cloud Run may do it twice. */
  times = 1;
  /** Whether a cancelled execution ends at once, or goes on until the test ends it. */
  cancelsAtOnce = true;
  /** Submissions whose answer is lost and whose execution appears only when the test says so. */
  late: (() => void)[] | undefined;

  constructor(now: () => number) {
    this.#now = now;
  }

  async start(key: AttemptKey): Promise<string> {
    if (this.late !== undefined) {
      this.late.push(() => this.#begin(key));
      throw new TransientError('the answer is lost');
    }
    this.onStart(key);
    return this.#begin(key);
  }

  #begin(key: AttemptKey): string {
    const [first = ''] = Array.from({ length: this.times }, () => {
      const name = `e${this.executions.length + 1}`;
      const times = { startedAtMs: this.#now(), completedAtMs: undefined, message: undefined };
      this.executions.unshift({ name, key, state: 'running', ...times });
      return name;
    });
    this.times = 1;
    return first;
  }

  async find(key: AttemptKey): Promise<Found> {
    const own = this.of(key);
    const execution = own.find(({ state }) => state === 'running' || state === 'succeeded') ?? own[0];
    return execution === undefined ? { kind: 'none' } : { kind: 'found', execution };
  }

  async get(name: string) {
    return this.executions.find((each) => each.name === name);
  }

  async recent(sinceMs: number): Promise<Recent> {
    return { executions: [...this.executions], sinceMs };
  }

  async cancel(name: string): Promise<void> {
    this.cancelled.push(name);
    if (this.cancelsAtOnce) this.end(name, 'cancelled');
  }

  of({ run, attempt }: Pick<AttemptKey, 'run' | 'attempt'>): readonly KeyedExecution[] {
    return this.executions.filter(({ key }) => key?.run === run && key.attempt === attempt);
  }

  end(name: string, state: KeyedExecution['state']): void {
    const index = this.executions.findIndex((each) => each.name === name);
    const found = this.executions[index];
    if (found?.state !== 'running') return;
    this.executions[index] = { ...found, state, completedAtMs: this.#now() };
  }

  running(): readonly KeyedExecution[] {
    return this.executions.filter(({ state }) => state === 'running');
  }
}
