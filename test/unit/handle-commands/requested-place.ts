// The fixture of operators' commands on requested runs: handle-commands over the stores of a place, in virtual time.
import { pino } from 'pino';
import { handleCommand } from '../../../functions/handle-commands/handle-commands.ts';
import type { Ports } from '../../../functions/handle-commands/ports.ts';
import { command, type CommandResult } from '../../../shared/commands/command.ts';
import type { LoadRequested, RunRequested } from '../../../shared/events/messages.ts';
import { MemoryStore } from '../../../shared/objects/memory.ts';
import type { ObjectStore } from '../../../shared/objects/store.ts';
import type { RequestsPipeline } from '../../../shared/pipelines/pipeline.ts';
import { faulty, NO_FAULT, type Fault } from '../start-run/faults.ts';

export const ADA = 'ada@example.org';

interface Stores {
  readonly runs: MemoryStore;
  readonly requests: MemoryStore;
  readonly results: MemoryStore;
}

/** What the messages of a command lead to. */
interface Received {
  readonly onRun?: (message: RunRequested) => Promise<void>;
  readonly onLoad?: (message: LoadRequested) => Promise<void>;
}

export class Operator {
  readonly audit = new MemoryStore('audit');
  readonly #stores: Stores;
  readonly #pipeline: RequestsPipeline;
  readonly #received: Received;
  #nowMs = Date.UTC(2026, 10, 27, 9);
  #ids = 0;

  constructor(stores: Stores, pipeline: RequestsPipeline, received: Received = {}) {
    this.#stores = stores;
    this.#pipeline = pipeline;
    this.#received = received;
  }

  /** A command by Ada; `draft` has its verb, and its run where it is about one. */
  give(draft: object, fault: Fault = NO_FAULT): Promise<CommandResult> {
    const pipeline = this.#pipeline.name;
    const given = command.parse({ pipeline, reason: 'a test', id: '20261127T090000Z-test', ...draft });
    return handleCommand(given, { by: ADA, through: undefined }, this.#ports(fault));
  }

  #ports(fault: Fault): Ports {
    const { runs, requests, results } = this.#stores;
    const { onRun, onLoad } = this.#received;
    const never = () => Promise.reject(new Error('no command on a requested run calls this'));
    return {
      pipelines: new Map([[this.#pipeline.name, this.#pipeline]]),
      audit: faulty<ObjectStore>(this.audit, 'audit', fault),
      runs: faulty<ObjectStore>(runs, 'runs', fault),
      requests: faulty<ObjectStore>(requests, 'requests', fault),
      results: faulty<ObjectStore>(results, 'results', fault),
      runRequested: faulty({ publish: async (sent: RunRequested) => onRun?.(sent) }, 'run-requested', fault),
      loadRequested: faulty(
        { publish: async (sent: LoadRequested) => onLoad?.(sent) },
        'load-requested',
        fault,
      ),
      poll: never,
      jobsOf: () => {
        throw new Error('the dispatch alone touches executions of requested runs');
      },
      deadLetters: undefined as never,
      now: () => this.#nowMs,
      newId: () => `command-${++this.#ids}`,
      wait: async (ms) => void (this.#nowMs += ms),
      log: pino({ level: 'silent' }),
    };
  }
}
