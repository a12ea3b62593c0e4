// The ports of the console, and what it knows of a call.
import type { Person } from '../../shared/access/assertion.ts';
import type { JobReader } from '../../shared/api/job-objects.ts';
import type { CommandResult, OperatorCommand } from '../../shared/commands/command.ts';
import type { JobLog } from '../../shared/executions/job-log.ts';
import type { Log } from '../../shared/logging.ts';
import type { ObjectStore } from '../../shared/objects/store.ts';
import type { Language } from '../../shared/page/languages.ts';
import type { requestersOf } from '../../shared/pipelines/requesters.ts';
import type { AllStandings } from './reading/all.ts';
import type { Forecasts } from './reading/forecast.ts';
import type { DeadLettersRead } from './reading/dead-letters.ts';
import type { Reads } from './reading/reads.ts';
import type { RecordedTraces } from '../../shared/tracing/recorded.ts';
import type { Warehouse } from '../../shared/warehouse/warehouse.ts';

export interface Ports extends Reads {
  readonly project: string;
  readonly results: ObjectStore;
  readonly audit: ObjectStore;
  /** Published files and models; nothing in a stack that publishes none. */
  readonly exports: ObjectStore;
  /** Requested runs: what was read of them once is not read again. */
  readonly jobs: JobReader;
  readonly warehouse: Warehouse;
  readonly jobLog: JobLog;
  readonly traces: RecordedTraces;
  /** Where all pipelines stand; of many, as they stood a moment ago. */
  readonly all: AllStandings;
  /** What publications forecast, as far as it was shown a moment ago. */
  readonly forecasts: Forecasts;
  /** The dead letters as they were last read. */
  readonly deadLetters: DeadLettersRead;
  /** Passes a command on to handle-commands, with the assertion of its person. */
  readonly send: (command: OperatorCommand, assertion: string) => Promise<CommandResult>;
  /** Addresses in lower case. */
  readonly operators: readonly string[];
  /** As the stack names them, for those who ask who may do what. */
  readonly people: {
    /** Members such as `group:analysts@example.org`. */
    readonly readers: readonly string[];
    readonly requesters: ReadonlyMap<string, ReturnType<typeof requestersOf>>;
  };
  readonly newId: () => string;
  /** Rejects when `signal` is aborted. */
  readonly wait: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly log: Log;
}

/** One call of a person who is signed in. */
export interface Asked {
  readonly person: Person;
  readonly assertion: string;
  readonly isOperator: boolean;
  readonly language: Language;
  readonly path: string;
  /** The parts of the path that a route names. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The fields of a form that was sent; empty for a page that is only read. */
  readonly form: URLSearchParams;
}
