// Chooses what to learn from: for each past open day, an earlier evening from which to forecast it.
import type { FeatureTable } from './features.ts';
import type { Past } from './past.ts';

export interface TrainingRows {
  readonly rows: number;
  readonly values: Float32Array;
  /** The logarithm of visits over the site's level on the evening of the origin. */
  readonly labels: Float32Array;
  /** The site's level, so that an error counts as much as it does in the sum over all sites; mean 1. */
  readonly weights: Float32Array;
}

export interface Sampling {
  /** A day is forecast from an evening at least and at most so many days before it. */
  readonly shortest: number;
  readonly longest: number;
  /** The share of the days that are learnt from, 0 to 1. */
  readonly share: number;
  /** When that is still more rows than this, the share is less. */
  readonly mostRows: number;
}

/** A site's first weeks give no level to speak of. */
const FIRST_DAY = 35;
const FIRST_ORIGIN = 28;
/** Twelve times the level, or a twelfth of it: a mistake, or a day that teaches nothing. */
const FARTHEST_LOG = 2.5;
/** What a draw decides; each is drawn apart. */
const ORIGIN = 0;
const KEPT = 1;

/**
 * Which origin a day is forecast from, and whether it is kept, follows from the site and the day alone. So a
 * later cut adds rows, and the same cut always gives the same rows in the same order.
 */
export function trainingRows(past: Past, features: FeatureTable, sampling: Sampling): TrainingRows {
  const openDays = countOpenDays(past);
  const share = Math.min(sampling.share, sampling.mostRows / Math.max(1, openDays));
  const columns = features.names.length;
  let room = Math.ceil(openDays * share * 1.1) + 1000;
  let values = new Float32Array(room * columns);
  let labels = new Float32Array(room);
  let weights = new Float32Array(room);
  let rows = 0;
  const grow = (): void => {
    room = Math.ceil(room * 1.5);
    const wider = new Float32Array(room * columns);
    wider.set(values);
    values = wider;
    const [moreLabels, moreWeights] = [new Float32Array(room), new Float32Array(room)];
    moreLabels.set(labels);
    moreWeights.set(weights);
    [labels, weights] = [moreLabels, moreWeights];
  };
  for (const [site, day, origin] of samplesOf(past, sampling, share)) {
    const level = past.level(site, origin);
    const ratio = past.logs[site * past.width + day]! - level;
    if (!(Math.abs(ratio) <= FARTHEST_LOG)) continue;
    if (rows === room) grow();
    features.fill(values, rows * columns, site, origin, day);
    labels[rows] = ratio;
    weights[rows] = Math.exp(level);
    rows += 1;
  }
  return {
    rows,
    values: values.subarray(0, rows * columns),
    labels: labels.subarray(0, rows),
    weights: toMeanOne(weights.subarray(0, rows)),
  };
}

function countOpenDays(past: Past): number {
  let count = 0;
  for (const value of past.logs) if (!Number.isNaN(value)) count += 1;
  return count;
}

type Sample = readonly [site: number, day: number, origin: number];

function* samplesOf(past: Past, { shortest, longest }: Sampling, share: number): Generator<Sample> {
  const { sites, cut, width, logs } = past;
  for (let site = 0; site < sites; site += 1) {
    for (let day = FIRST_DAY; day <= cut; day += 1) {
      if (Number.isNaN(logs[site * width + day]!)) continue;
      if (share < 1 && draw(site, day, KEPT) >= share) continue;
      const choices = Math.min(longest, day - FIRST_ORIGIN) - shortest + 1;
      if (choices < 1) continue;
      yield [site, day, day - shortest - Math.floor(draw(site, day, ORIGIN) * choices)];
    }
  }
}

/** A number in [0, 1) that is the same for the same three, on every machine. */
function draw(site: number, day: number, purpose: number): number {
  let bits =
    Math.imul(site * 7 + 1, 0x9e3779b1) ^ Math.imul(day + 1, 0x85ebca6b) ^ Math.imul(purpose + 1, 0xc2b2ae35);
  bits ^= bits >>> 15;
  bits = Math.imul(bits, 0x2c1b3c6d);
  bits ^= bits >>> 12;
  bits = Math.imul(bits, 0x297a2d39);
  bits ^= bits >>> 15;
  return (bits >>> 0) / 2 ** 32;
}

function toMeanOne(weights: Float32Array): Float32Array {
  let sum = 0;
  for (const weight of weights) sum += weight;
  return weights.map((weight) => (weight * weights.length) / sum);
}
