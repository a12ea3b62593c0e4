// Weeks in which a place was counted otherwise than now: its lanes or its device changed, and old counts mislead.
import type { Hour, Observations } from './observations.ts';
import { SLOTS, slotOf } from './slots.ts';

const BLOCK_HOURS = 28 * 24;
const FEWEST_HOURS = 48;
/** Enough hours to say what a counter counts now. */
const REFERENCE_HOURS = 7 * 24;
/** More than twice or less than half of what it is beside the other counters now; seasons change it by less. */
const CHANGED_LOG = 0.8;

/**
 * 1 for each row before `upTo` of a place in a block of four weeks in which one of its counters differed from now.
 * Rows that are `dead` are not looked at; neither are those at or after `upTo`.
 */
export function changedRows(observations: Observations, upTo: Hour, dead: Uint8Array): Uint8Array {
  const { counters, counter, hour } = observations;
  const beside = besideOthers(blockMeans(observations, upTo, dead));
  const placeOf = placesOf(counters);
  const changed = new Set<string>();
  beside.forEach((blocks, index) => {
    const now = blocks.find(({ hours }) => hours >= REFERENCE_HOURS);
    if (now === undefined) return;
    blocks.forEach(({ hours, mean }, block) => {
      if (hours >= FEWEST_HOURS && Math.abs(mean - now.mean) > CHANGED_LOG)
        changed.add(`${placeOf[index]} ${block}`);
    });
  });
  const marked = new Uint8Array(hour.length);
  if (changed.size === 0) return marked;
  for (let row = 0; row < hour.length; row += 1)
    if (hour[row]! < upTo && changed.has(`${placeOf[counter[row]!]} ${blockOf(hour[row]!, upTo)}`))
      marked[row] = 1;
  return marked;
}

interface Block {
  readonly hours: number;
  /** Of log(1 + count), from what is usual for the counter in the slot. */
  readonly mean: number;
}

/** Counted backwards from `upTo`. */
const blockOf = (hour: Hour, upTo: Hour): number => Math.floor((upTo - 1 - hour) / BLOCK_HOURS);

/** Counters with the same coordinates are one place; one without is a place of its own. */
const placesOf = (counters: Observations['counters']): readonly number[] => {
  const first = new Map<string, number>();
  return counters.map(({ latitude, longitude }, index) => {
    if (latitude === undefined || longitude === undefined) return index;
    const key = `${latitude} ${longitude}`;
    if (!first.has(key)) first.set(key, index);
    return first.get(key)!;
  });
};

function blockMeans(
  { counters, counter, hour, count }: Observations,
  upTo: Hour,
  dead: Uint8Array,
): readonly (readonly Block[])[] {
  const cells = new Float64Array(counters.length * SLOTS);
  const cellHours = new Float64Array(cells.length);
  let oldest = upTo - 1;
  const eachRow = (visit: (row: number, cell: number) => void): void => {
    for (let row = 0; row < hour.length; row += 1)
      if (hour[row]! < upTo && dead[row] === 0) visit(row, counter[row]! * SLOTS + slotOf(hour[row]!).slot);
  };
  eachRow((row, cell) => {
    cells[cell]! += Math.log1p(count[row]!);
    cellHours[cell]! += 1;
    oldest = Math.min(oldest, hour[row]!);
  });
  const blocks = blockOf(oldest, upTo) + 1;
  const sums = new Float64Array(counters.length * blocks);
  const hours = new Float64Array(sums.length);
  eachRow((row, cell) => {
    const at = counter[row]! * blocks + blockOf(hour[row]!, upTo);
    sums[at]! += Math.log1p(count[row]!) - cells[cell]! / cellHours[cell]!;
    hours[at]! += 1;
  });
  return counters.map((_counter, index) =>
    Array.from({ length: blocks }, (_, block) => {
      const at = index * blocks + block;
      return { hours: hours[at]!, mean: hours[at] === 0 ? 0 : sums[at]! / hours[at]! };
    }),
  );
}

/** Takes from each block what most counters had in common: a lockdown is no change of a place. */
function besideOthers(counters: readonly (readonly Block[])[]): readonly (readonly Block[])[] {
  const blocks = counters[0]?.length ?? 0;
  const medians = Array.from({ length: blocks }, (_, block) => {
    const means = counters.map((each) => each[block]!).filter(({ hours }) => hours >= FEWEST_HOURS);
    means.sort((one, other) => one.mean - other.mean);
    return means[means.length >> 1]?.mean ?? 0;
  });
  return counters.map((each) =>
    each.map(({ hours, mean }, block) => ({ hours, mean: mean - medians[block]! })),
  );
}
