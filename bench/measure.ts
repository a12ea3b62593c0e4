// What a bench measures: a number, the floor that was measured beside it, and the goal it is held to.

/** Something done the barest way, in the same run and on the same machine. Its number has the measure's unit. */
export interface Floor {
  readonly name: string;
  readonly value: number;
}

export interface Goal {
  readonly most: number;
  /** Whether the number itself is held to `most`, or how many times the floor it is. */
  readonly of: 'value' | 'ratio';
}

export interface Measure {
  readonly name: string;
  readonly value: number;
  readonly unit: 's' | 'ms' | 'MB' | 'calls' | 'times';
  readonly floor?: Floor;
  readonly goal?: Goal;
  /** What the number stands for, where its name does not say it all. */
  readonly note?: string;
}

export interface Bench {
  readonly name: string;
  /** One line of what it measures. */
  readonly about: string;
  /** After so long its process is killed; 8 by default. */
  readonly longestMinutes?: number;
  /** Gives its measures, or why it cannot run here. What else goes wrong is thrown. */
  run(mesh: BenchSetup): Promise<readonly Measure[] | Skipped>;
}

export interface BenchSetup {
  /** An empty folder of the bench's own, removed after it. */
  readonly folder: string;
  /** Shows what is being done. */
  readonly progress: (text: string) => void;
}

export interface Skipped {
  readonly skipped: string;
}

/** How a bench ended. */
export type Result = { readonly bench: string } & (
  | { readonly kind: 'measured'; readonly measures: readonly Measure[] }
  | { readonly kind: 'skipped'; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string }
);

/** How many times the floor the value is; undefined where there is no floor, or a floor of nothing. */
export const ratioOf = ({ value, floor }: Measure): number | undefined =>
  floor === undefined || floor.value === 0 ? undefined : value / floor.value;

/** Undefined where there is no goal, or nothing to hold to it. */
export function isMet(measure: Measure): boolean | undefined {
  const { goal } = measure;
  if (goal === undefined) return undefined;
  const held = goal.of === 'value' ? measure.value : ratioOf(measure);
  return held === undefined ? undefined : held <= goal.most;
}

/** The middle of the values; of an even number of them, the mean of the middle two. Throws when there are none. */
export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const upper = sorted[sorted.length >> 1];
  const lower = sorted[(sorted.length - 1) >> 1];
  if (upper === undefined || lower === undefined) throw new RangeError('there is no middle of no values');
  return (lower + upper) / 2;
}
