// Which times a validation learns from and which it holds out: blocks of time with a gap, so that no hour is predicted
// from its neighbours.

export interface HeldOut {
  /** First and last place (not included) of the times in the series. */
  readonly train: readonly [from: number, to: number];
  readonly held: readonly [from: number, to: number];
}

const DAY_MS = 86_400_000;
const HELD_MS = 8 * DAY_MS;
const GAP_MS = DAY_MS / 2;
/** Of a series that is too short for eight days. */
const LARGEST_SHARE = 0.35;
/** With less than this to learn from, an error says nothing. */
const LEAST_TRAINED = 24;

/** The end of the series, learned from what lies before it; and its start, learned from what lies after it. */
export function heldOutBlocks(hours: readonly number[]): readonly HeldOut[] {
  if (hours.length === 0) return [];
  const [first, last] = [hours[0]!, hours.at(-1)!];
  const held = Math.min(HELD_MS, (last - first) * LARGEST_SHARE);
  const gap = Math.min(GAP_MS, held / 8);
  const [late, early] = [placeAfter(hours, last - held), placeAfter(hours, first + held - 1)];
  const blocks: HeldOut[] = [
    { train: [0, placeAfter(hours, last - held - gap)], held: [late, hours.length] },
    { train: [placeAfter(hours, first + held + gap - 1), hours.length], held: [0, early] },
  ];
  return blocks.filter(
    ({ train: [from, to], held: [start, end] }) => to - from >= LEAST_TRAINED && end > start,
  );
}

/** The first place whose time is after this one. */
function placeAfter(hours: readonly number[], time: number): number {
  const at = hours.findIndex((hour) => hour > time);
  return at === -1 ? hours.length : at;
}
