// What happened to the rows of one file: how many there were, which were dropped and why, and how they were written.
import type { MomentForm } from '../../../models/bikes/moment.ts';
import {
  droppedOf,
  isMalformed,
  isNoRow,
  type Dropped,
  type DropReason,
  type MalformedReason,
} from './reasons.ts';

/** A malformed row as a refusal shows it. */
export interface Example {
  readonly line: number;
  readonly reason: MalformedReason;
  /** The header of the column. */
  readonly column?: string;
  readonly found: string;
}

const MOST_EXAMPLES = 5;
const LONGEST_FOUND = 100;

export class Tally {
  readonly #dropped = new Map<DropReason, number>();
  readonly forms: Record<MomentForm, number> = { offset: 0, local: 0, epoch: 0, serial: 0 };
  readonly examples: Example[] = [];
  rows = 0;
  used = 0;
  malformed = 0;
  unknownPlaces = 0;
  doubledHours = 0;
  first = Number.POSITIVE_INFINITY;
  last = Number.NEGATIVE_INFINITY;

  drop(reason: DropReason, line: number, found: string, column?: string): void {
    this.#dropped.set(reason, (this.#dropped.get(reason) ?? 0) + 1);
    if (!isNoRow(reason)) this.rows += 1;
    if (!isMalformed(reason)) return;
    this.malformed += 1;
    if (this.examples.length >= MOST_EXAMPLES) return;
    const short = found.length > LONGEST_FOUND ? `${found.slice(0, LONGEST_FOUND)}…` : found;
    this.examples.push({ line, reason, found: short, ...(column === undefined ? {} : { column }) });
  }

  use(hour: number): void {
    this.rows += 1;
    this.used += 1;
    if (hour < this.first) this.first = hour;
    if (hour > this.last) this.last = hour;
  }

  /** A row took the place of an earlier one, which is the one that is dropped. */
  replace(reason: 'repeated-row' | 'replaced-row'): void {
    this.rows += 1;
    this.#dropped.set(reason, (this.#dropped.get(reason) ?? 0) + 1);
  }

  count(reason: DropReason): number {
    return this.#dropped.get(reason) ?? 0;
  }

  get dropped(): Dropped {
    return droppedOf(this.#dropped);
  }
}
