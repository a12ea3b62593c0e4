// What is read for a form: what stands, the fields that the command needs, and the same command in a terminal.
import type { PublishedNow } from '../reading/ledger.ts';
import type { Standing } from '../reading/standing.ts';
import type { Field } from './form.ts';

export interface Subject {
  /** What stands, as a name. */
  readonly seen: string;
  /** What the command carries besides its verb, pipeline, reason and id. */
  readonly fields: readonly Field[];
  /** The same in a terminal. */
  readonly line: string;
  readonly standing?: Standing;
  readonly published?: PublishedNow | null;
  readonly models?: ModelsStand;
}

export interface ModelsStand {
  readonly current: readonly {
    readonly model: string;
    readonly publication: string;
    readonly run: string;
    readonly isPinned: boolean;
  }[];
  /** Of a rollback: the versions before, newest first, and the one that is chosen to begin with. */
  readonly versions: readonly VersionToChoose[];
  readonly chosen: string | null;
}

export interface VersionToChoose {
  readonly publication: string;
  readonly run: string;
  readonly attempt: number;
  readonly since: string;
  /** `run`, `replay` or `rollback`. */
  readonly madeBy: string;
  /** Of its training; null where its candidate is not kept, undefined where it was not read. */
  readonly measured?: Measured | null;
}

export interface Measured {
  readonly trainedAt: string;
  /** What the model is judged by. */
  readonly metric: string;
  readonly value: number | null;
  /** Of the champion of that time, on the same rows. */
  readonly championsValue: number | null;
  readonly metrics: Readonly<Record<string, number>>;
}
