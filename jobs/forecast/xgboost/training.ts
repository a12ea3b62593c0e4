// Chooses what to learn from: for each past open day, one or two earlier evenings from which to forecast it.
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
  readonly mostRows: number;
  /** Every day is forecast from an origin up to this many days before. */
  readonly nearDays: number;
  /** Some are also forecast from an origin between that and this many days before. */
  readonly farDays: number;
  /** How many of them, 0 to 1. */
  readonly farShare: number;
}

/** A site's first weeks give no level to speak of. */
const FIRST_DAY = 35;
const FIRST_ORIGIN = 28;
/** Twelve times the level, or a twelfth of it: a mistake, or a day that teaches nothing. */
const FARTHEST_LOG = 2.5;
/** Far and near origins of the same day are drawn apart. */
const NEAR = 0;
const FAR = 1;
const THINNING = 2;

/**
 * Which origin a day is forecast from, and whether it is kept, follows from the site and the day alone. So a
 * later cut adds rows, and the same cut always gives the same rows in the same order.
 */
export function trainingRows(past: Past, features: FeatureTable, sampling: Sampling): TrainingRows {
  const wanted = Math.round(countOpenDays(past) * (1 + sampling.farShare));
  const keep = Math.min(1, sampling.mostRows / Math.max(1, wanted));
  const columns = features.names.length;
  let room = Math.ceil(wanted * keep * 1.1) + 1000;
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
  for (const [site, day, origin] of samplesOf(past, sampling, keep)) {
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

function* samplesOf(past: Past, sampling: Sampling, keep: number): Generator<Sample> {
  const { sites, cut, width, logs } = past;
  const { nearDays, farDays, farShare } = sampling;
  for (let site = 0; site < sites; site += 1) {
    for (let day = FIRST_DAY; day <= cut; day += 1) {
      if (Number.isNaN(logs[site * width + day]!)) continue;
      if (keep < 1 && draw(site, day, THINNING) >= keep) continue;
      const longest = day - FIRST_ORIGIN;
      const near = Math.min(nearDays, longest);
      yield [site, day, day - 1 - Math.floor(draw(site, day, NEAR) * near)];
      const far = Math.min(farDays, longest) - nearDays;
      const chance = draw(site, day, FAR) / farShare;
      if (far > 0 && chance < 1) yield [site, day, day - nearDays - 1 - Math.floor(chance * far)];
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
