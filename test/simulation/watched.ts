// What the oracles watch of a simulated mesh, and what they record.
import type { Clock } from '../../local/clock.ts';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import type { ModelRollback } from '../../shared/runs/model-rollback.ts';
import type { OpenCloud } from './cloud.ts';
import type { InputFile } from './content.ts';
import type { Instances } from './instances.ts';
import type { Line } from './tables.ts';

export interface Watched {
  readonly clock: Clock;
  readonly cloud: OpenCloud;
  readonly instances: Instances;
  readonly pipeline: Pipeline;
}

/** A request that the state has held: the mesh owes it an outcome. */
export interface Accepted {
  readonly run: string;
  readonly atMs: number;
  readonly files: readonly InputFile[];
}

export interface Recorded {
  readonly outcome: string;
  readonly reason: string;
  readonly attempt: number;
  readonly atMs: number;
}

/** What is noted of the runs, and where a broken law is reported. */
export interface Notes {
  readonly accepted: ReadonlyMap<string, Accepted>;
  readonly replays: ReadonlyMap<string, Recorded>;
  ledger(): readonly Line[];
  modelRollback(publication: string): ModelRollback | undefined;
  fail(law: string, detail: string): void;
}
