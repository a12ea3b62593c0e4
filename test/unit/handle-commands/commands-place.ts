// The fixture of the commands' unit tests: handle-commands, start-run and detect-changes over ports in memory, in virtual time.
import { Readable } from 'node:stream';
import { pino } from 'pino';
import { detectChanges } from '../../../functions/detect-changes/detect-changes.ts';
import { startRun } from '../../../functions/start-run/start-run.ts';
import { handleCommand } from '../../../functions/handle-commands/handle-commands.ts';
import type { Ports } from '../../../functions/handle-commands/ports.ts';
import { driveSource } from '../../../shared/sources/drive.ts';
import { carmila } from '../../../pipelines/carmila.ts';
import type { Pipeline } from '../../../shared/pipelines/pipeline.ts';
import { sleeps } from '../../ports/sleeps.ts';
import type { AttemptKey, Execution, Found, JobRunner, Recent } from '../../../shared/executions/runner.ts';
import { MemoryStore } from '../../../shared/objects/memory.ts';
import type { ObjectStore } from '../../../shared/objects/store.ts';
import { readState } from '../../../shared/runs/state.ts';
import { readLease, swapLease } from '../../../shared/runs/lease.ts';
import { readOutcome } from '../../../shared/runs/outcome.ts';
import { command, type OperatorCommand, type CommandResult } from '../../../shared/commands/command.ts';

const NAMES = ['2025 flux quotidiens.xlsx', 'Transco.xlsx', 'OE 2024.xlsx'];
const md5Hex = '0cc175b9c0f1b6a831c399e269772661';
export const ADA = 'ada@example.org';

/** Called before and after every call to a port; what it throws is the crash. */
export type Watch = (when: 'before' | 'after') => Promise<void> | void;

/** Executions that run until they are cancelled. */
export class Runner implements JobRunner {
  readonly executions: (Execution & { readonly key: AttemptKey })[] = [];

  async start(key: AttemptKey): Promise<string> {
    const name = `e${this.executions.length + 1}`;
    const times = { startedAtMs: 0, completedAtMs: undefined, message: undefined };
    this.executions.push({ name, key, state: 'running', ...times });
    return name;
  }

  async find(key: AttemptKey): Promise<Found> {
    const execution = this.executions.findLast(
      ({ key: { run, attempt } }) => run === key.run && attempt === key.attempt,
    );
    return execution === undefined ? { kind: 'none' } : { kind: 'found', execution };
  }

  async get(name: string) {
    return this.executions.find((each) => each.name === name);
  }

  async recent(sinceMs: number): Promise<Recent> {
    return { executions: this.executions.toReversed(), sinceMs };
  }

  async cancel(name: string): Promise<void> {
    const index = this.executions.findIndex((each) => each.name === name);
    const found = this.executions[index];
    if (found !== undefined) this.executions[index] = { ...found, state: 'cancelled' };
  }
}

export class Place {
  readonly runs = new MemoryStore('runs');
  readonly audit = new MemoryStore('audit');
  readonly results = new MemoryStore('results');
  readonly requests = new MemoryStore('requests');
  readonly runner = new Runner();
  readonly asked: string[] = [];
  nowMs = Date.UTC(2026, 0, 5);
  #ids = 0;

  /** `watch` sees every call that the story makes. */
  mesh(watch: Watch = () => undefined): Ports {
    const jobs = watched<JobRunner>(this.runner, watch);
    return {
      pipelines: new Map<string, Pipeline>([carmila, sleeps].map((each) => [each.name, each])),
      requests: watched<ObjectStore>(this.requests, watch),
      runs: watched<ObjectStore>(this.runs, watch),
      audit: watched<ObjectStore>(this.audit, watch),
      results: watched<ObjectStore>(this.results, watch),
      runRequested: watched(
        { publish: async ({ run }: { run: string }) => void this.asked.push(run) },
        watch,
      ),
      loadRequested: { publish: () => Promise.resolve() },
      poll: (body) => this.tick(body as { nonce: string; by: string; reason: string }),
      jobsOf: () => jobs,
      deadLetters: undefined as never,
      now: () => this.nowMs,
      newId: () => `id-${++this.#ids}`,
      wait: async (ms) => {
        this.nowMs += ms;
        await new Promise((resolve) => setImmediate(resolve));
      },
      log: pino({ level: 'silent' }),
    };
  }

  give(draft: object, watch?: Watch, by = ADA): Promise<CommandResult> {
    return handleCommand(commandOf(draft), { by, through: undefined }, this.mesh(watch));
  }

  /** A tick of the schedule, or a person's. */
  tick(person?: { nonce: string; by: string; reason: string }, watch?: Watch) {
    const cause = person
      ? ({ kind: 'person', by: person.by, reason: person.reason } as const)
      : ({ kind: 'schedule', by: 'scheduler@test', reason: null } as const);
    const tick = { pipeline: carmila, place: 'f', settleMs: 0, nonce: person?.nonce ?? null, cause };
    return detectChanges(tick, { ...this.mesh(watch), source: this.#source() });
  }

  /** Asks for a new run, and gives its id. */
  async ask(nonce: string): Promise<string> {
    await this.tick({ nonce, by: ADA, reason: 'a test' });
    return (await this.#state())?.request?.run ?? '';
  }

  start(run: string, watch?: Watch): Promise<void> {
    const mesh = this.mesh(watch);
    return startRun(
      { pipeline: 'carmila', run },
      {
        ...mesh,
        source: driveSource(this.#source(), mesh.runs),
        champions: async () => [],
        jobs: mesh.jobsOf(''),
      },
    );
  }

  /** Puts a run in line behind the one that executes. */
  async queue(run: string): Promise<void> {
    const lease = await readLease(this.runs, 'carmila');
    if (lease) await swapLease(this.runs, 'carmila', lease, { ...lease.value, token: 'q', queued: run });
  }

  /** All that a command may change, without times and tokens. */
  async state(run: string) {
    const lease = (await readLease(this.runs, 'carmila'))?.value;
    const outcome = await readOutcome(this.runs, 'carmila', run);
    return {
      outcome: outcome && `${outcome.outcome}: ${outcome.reason}`,
      lease: lease && `${lease.holder.run} ${lease.holder.attempt}, ${lease.queued ?? 'no run'} waits`,
      paused: (await this.#state())?.paused?.reason,
      executions: this.runner.executions.map(({ name, state }) => `${name} ${state}`),
      audit: (await this.audit.list('', 100)).map(({ name }) => name),
    };
  }

  async #state() {
    return (await readState(this.runs, 'carmila'))?.value;
  }

  #source() {
    const content = { kind: 'md5', md5Hex } as const;
    return {
      list: async () => NAMES.map((name) => ({ id: name, name, content, sizeBytes: 1, modifiedAtMs: 0 })),
      read: async () => Readable.from([Buffer.from('a')]),
      contentNow: async () => content,
    };
  }
}

/** A command by Ada for carmila; `draft` may give another `id` and `reason`. */
const commandOf = (draft: object): OperatorCommand =>
  command.parse({ pipeline: 'carmila', reason: 'a test', id: '20260105T000000Z-test', ...draft });

/** The same port, but every call of it is seen; a stream is none. */
function watched<T extends object>(port: T, watch: Watch): T {
  return new Proxy(port, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function' || name === 'read') return member;
      return async (...words: unknown[]) => {
        await watch('before');
        const answer: unknown = await Reflect.apply(member, target, words);
        await watch('after');
        return answer;
      };
    },
  });
}
