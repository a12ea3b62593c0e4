// The notes on the counts of all files: gaps, dead counters, new ones, ended ones, and hours lost to a clock change.
import type { Observations } from '../../../models/bikes/observations.ts';
import { offsetOf } from '../../../models/bikes/paris.ts';
import { counted } from '../../../shared/counted.ts';
import { shownHour, shownNames, type DataNote } from './notes.ts';
import type { SeriesSet } from './series.ts';

const SHORTEST_GAP_HOURS = 24;
/** A counter in use is not that quiet: at night it counts zeros for some hours, and never for days. */
const SHORTEST_ZEROS_HOURS = 72;
const NEW_HOURS = 28 * 24;
const ENDED_HOURS = 7 * 24;
/** Of one kind; more than are ever shown. */
const MOST_STRETCHES = 10_000;

interface Stretch {
  readonly name: string;
  /** Both inclusive. */
  readonly from: number;
  readonly to: number;
}

export function dataNotesOf(observations: Observations, series: SeriesSet): readonly DataNote[] {
  const found = stretchesOf(observations);
  const { moved, respelt } = series.oddities;
  return [
    ...grouped(found.gaps, (names, { from, to }) => ({
      kind: 'gap',
      text: `No count of ${names} from ${local(from)} to ${local(to)} (${counted(to - from + 1, 'hour')}).`,
    })),
    ...grouped(found.zeros, (names, { from, to }) => ({
      kind: 'zeros',
      text: `Nothing but zeros of ${names} from ${local(from)} to ${local(to)} (${counted(to - from + 1, 'hour')}): the counter may have been dead.`,
    })),
    ...grouped(found.starts, (names, { from }) => ({
      kind: 'new-counter',
      text: `New: the first count of ${names} is of ${local(from)}.`,
    })),
    ...grouped(found.ends, (names, { to }) => ({
      kind: 'ended-counter',
      text: `Ended: the last count of ${names} is of ${local(to)}.`,
    })),
    ...lostHours(observations),
    ...(moved.length === 0
      ? []
      : [
          {
            kind: 'coordinates' as const,
            text: `More than one place is given for ${shownNames(moved)}; the place of the most rows counts.`,
          },
        ]),
    ...respelt.map(({ name, others }) => ({
      kind: 'name' as const,
      text: `${name} is also written ${others
        .slice(0, 3)
        .map((other) => `"${other}"`)
        .join(', ')}: they are one counter.`,
    })),
  ];
}

const local = (hour: number): string => shownHour(hour + offsetOf(hour));

interface Stretches {
  readonly gaps: Stretch[];
  readonly zeros: Stretch[];
  readonly starts: Stretch[];
  readonly ends: Stretch[];
}

const keep = (stretches: Stretch[], stretch: Stretch): void => {
  if (stretches.length < MOST_STRETCHES) stretches.push(stretch);
};

/** In one pass: the rows are ordered by counter and hour. */
function stretchesOf({ counters, counter, hour, count }: Observations): Stretches {
  const found: Stretches = { gaps: [], zeros: [], starts: [], ends: [] };
  let [first, last] = [Infinity, -Infinity];
  for (const each of hour) {
    if (each < first) first = each;
    if (each > last) last = each;
  }
  for (let row = 0; row < hour.length;) {
    const name = counters[counter[row]!]!.name;
    let end = row;
    let zeros = 0;
    while (end < hour.length && counter[end] === counter[row]) {
      const follows = end > row && hour[end]! === hour[end - 1]! + 1;
      if (end > row && hour[end]! - hour[end - 1]! > SHORTEST_GAP_HOURS)
        keep(found.gaps, { name, from: hour[end - 1]! + 1, to: hour[end]! - 1 });
      const isZero = count[end] === 0;
      if (zeros >= SHORTEST_ZEROS_HOURS && !(isZero && follows))
        keep(found.zeros, { name, from: hour[end - 1]! - zeros + 1, to: hour[end - 1]! });
      zeros = isZero ? (follows ? zeros + 1 : 1) : 0;
      end += 1;
    }
    const [from, to] = [hour[row]!, hour[end - 1]!];
    if (zeros >= SHORTEST_ZEROS_HOURS) keep(found.zeros, { name, from: to - zeros + 1, to });
    if (from > first + NEW_HOURS) keep(found.starts, { name, from, to });
    if (to < last - ENDED_HOURS) keep(found.ends, { name, from, to });
    row = end;
  }
  return found;
}

/** One note for the counters with the same stretch, the longest first. */
function grouped(
  stretches: readonly Stretch[],
  noteOf: (names: string, stretch: Stretch) => DataNote,
): readonly DataNote[] {
  const groups = Map.groupBy(stretches, ({ from, to }) => `${from} ${to}`);
  return [...groups.values()]
    .sort((a, b) => b[0]!.to - b[0]!.from - (a[0]!.to - a[0]!.from) || a[0]!.from - b[0]!.from)
    .map((group) => noteOf(shownNames(group.map(({ name }) => name)), group[0]!));
}

/** The local hour that is there twice, where a counter has one of the two alone. */
function lostHours({ counters, counter, hour }: Observations): readonly DataNote[] {
  const counting = new Map<number, Set<number>>();
  for (let row = 0; row < hour.length; row += 1) {
    const at = hour[row]!;
    if (!isLastOfSummer(at) && !isLastOfSummer(at - 1)) continue;
    counting.set(at, (counting.get(at) ?? new Set<number>()).add(counter[row]!));
  }
  const noteOf = (summer: number, lost: number, kept: number, which: string): readonly DataNote[] => {
    const names = [...(counting.get(kept) ?? [])]
      .filter((index) => counting.get(lost)?.has(index) !== true)
      .map((index) => counters[index]!.name);
    if (names.length === 0) return [];
    const text = `The clocks went back at ${local(summer)}, and the ${which} of the two hours is missing for ${shownNames(names)}.`;
    return [{ kind: 'clock-change', text }];
  };
  const summers = new Set([...counting.keys()].map((at) => (isLastOfSummer(at) ? at : at - 1)));
  return [...summers]
    .sort((a, b) => a - b)
    .flatMap((summer) => [
      ...noteOf(summer, summer, summer + 1, 'first'),
      ...noteOf(summer, summer + 1, summer, 'second'),
    ]);
}

/** In the autumn of a year, summer time ends at 01:00 UTC. */
const isLastOfSummer = (hour: number): boolean =>
  ((hour % 24) + 24) % 24 === 0 && offsetOf(hour) === 2 && offsetOf(hour + 1) === 1;
