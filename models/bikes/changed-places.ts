// Weeks in which a counter was half broken, or the directions of a place were swapped: what they counted misleads.
import type { Hour, Observations } from './observations.ts';
import { SLOTS, slotOf } from './slots.ts';

const BLOCK_HOURS = 28 * 24;
const FEWEST_HOURS = 48;
/** Enough hours to say what a counter counts now. */
const REFERENCE_HOURS = 7 * 24;
/** Below a quarter of what the counter mostly has beside the others; seasons change it by less. */
const BROKEN_LOG = -1.5;
/** One direction gained on the other by more than the double. */
const SWAPPED_LOG = 0.8;

/**
 * 1 for each row before `upTo` in a block of four weeks that misleads: of a counter that was half broken, or of a place
 * of which one direction had more than now, and the other less. Rows that are `dead` say nothing; neither do those at
 * or after `upTo`.
 */
export function changedRows(observations: Observations, upTo: Hour, dead: Uint8Array): Uint8Array {
  const { counters, counter, hour } = observations;
  const beside = besideOthers(blockMeans(observations, upTo, dead));
  const changed = beside.map(brokenBlocks);
  for (const directions of placesOf(counters))
    for (const block of swappedBlocks(directions.map((index) => healthy(beside[index]!, changed[index]!))))
      for (const index of directions) changed[index]!.add(block);
  const marked = new Uint8Array(hour.length);
  for (let row = 0; row < hour.length; row += 1)
    if (hour[row]! < upTo && changed[counter[row]!]!.has(blockOf(hour[row]!, upTo))) marked[row] = 1;
  return marked;
}

/** A counter's blocks, newest first; one with fewer hours than it takes says nothing. */
type Blocks = readonly Block[];

function brokenBlocks(blocks: Blocks): Set<number> {
  const known = blocks.filter(({ hours }) => hours >= FEWEST_HOURS).map(({ mean }) => mean);
  const typical = known.sort((one, other) => one - other)[known.length >> 1] ?? 0;
  const broken = Array.from(blocks.keys()).filter((block) => {
    const { hours, mean } = blocks[block]!;
    return hours >= FEWEST_HOURS && mean - typical < BROKEN_LOG;
  });
  return new Set(broken);
}

const healthy = (blocks: Blocks, broken: ReadonlySet<number>): Blocks =>
  blocks.map((block, index) => (broken.has(index) ? { hours: 0, mean: 0 } : block));

/** Blocks in which one direction counted more than now and another less. */
function swappedBlocks(directions: readonly Blocks[]): readonly number[] {
  const now = directions.map((blocks) => blocks.find(({ hours }) => hours >= REFERENCE_HOURS));
  return Array.from(directions[0]?.keys() ?? []).filter((block) => {
    const moved = directions.flatMap((blocks, index) => {
      const { hours, mean } = blocks[block]!;
      return now[index] === undefined || hours < FEWEST_HOURS ? [] : [mean - now[index].mean];
    });
    const [least, most] = [Math.min(...moved), Math.max(...moved)];
    return least < 0 && most > 0 && most - least > SWAPPED_LOG;
  });
}

interface Block {
  readonly hours: number;
  /** Of log(1 + count), from what is usual for the counter in the slot. */
  readonly mean: number;
}

/** Counted backwards from `upTo`. */
const blockOf = (hour: Hour, upTo: Hour): number => Math.floor((upTo - 1 - hour) / BLOCK_HOURS);

/** Counters with the same coordinates are the directions of one place; by index. */
function placesOf(counters: Observations['counters']): readonly (readonly number[])[] {
  const places = new Map<string, number[]>();
  counters.forEach(({ latitude, longitude }, index) => {
    if (latitude === undefined || longitude === undefined) return;
    const key = `${latitude} ${longitude}`;
    const place = places.get(key);
    if (place === undefined) places.set(key, [index]);
    else place.push(index);
  });
  return [...places.values()];
}

function blockMeans(
  { counters, counter, hour, count }: Observations,
  upTo: Hour,
  dead: Uint8Array,
): readonly Blocks[] {
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
function besideOthers(counters: readonly Blocks[]): readonly Blocks[] {
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
