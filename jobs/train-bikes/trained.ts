// What the story asks of training, and what training gives back: the port between them.
import type { Descriptor, Task } from '../../models/bikes/bundle.ts';
import type { Observations } from '../../models/bikes/observations.ts';
import type { Evidence } from './evidence.ts';

/** The current model of a task, as it was published. */
export interface Champion {
  readonly publication: string;
  readonly run: string;
  readonly descriptor: Descriptor;
}

export type Champions = Readonly<Partial<Record<Task, Champion>>>;

export interface TrainedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface TrainedModel {
  readonly task: Task;
  /** The story adds the time. */
  readonly descriptor: Omit<Descriptor, 'trainedAt'>;
  /** Those that the descriptor's candidates name. */
  readonly files: readonly TrainedFile[];
  /** The champion's recipe, trained up to the same origins and measured on the same rows. */
  readonly champion?:
    | { readonly recipe: string; readonly metrics: Readonly<Record<string, number>> }
    | undefined;
  /** What the winner answered out of time; the report draws it. */
  readonly evidence?: Evidence;
  /** What a reader of the report should know of the comparison. */
  readonly notes?: readonly string[];
}

export type Progress = (done: number, total: number, what: string) => void;

/** Throws `TooFewObservations` where there is too little to learn from. The same arguments give the same bytes. */
export type TrainModels = (
  observations: Observations,
  champions: Champions,
  progress: Progress,
) => Promise<readonly TrainedModel[]>;

/** The input is well-formed, and nothing can be learnt from it: the job refuses it. */
export class TooFewObservations extends Error {
  override readonly name = 'TooFewObservations';
  readonly found: string;
  readonly expected: string;

  constructor(found: string, expected: string) {
    super(`found ${found}; expected ${expected}`);
    this.found = found;
    this.expected = expected;
  }
}
