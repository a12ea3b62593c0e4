// How far predictions were from what was counted.

export type Metrics = Record<string, number>;

export function regressionMetrics(actual: ArrayLike<number>, predicted: ArrayLike<number>): Metrics {
  const rows = actual.length;
  let [total, absolute, squared, logSquared] = [0, 0, 0, 0];
  for (let row = 0; row < rows; row += 1) {
    const error = predicted[row]! - actual[row]!;
    total += actual[row]!;
    absolute += Math.abs(error);
    squared += error ** 2;
    logSquared += (Math.log1p(predicted[row]!) - Math.log1p(actual[row]!)) ** 2;
  }
  const mean = total / rows;
  let spread = 0;
  for (let row = 0; row < rows; row += 1) spread += (actual[row]! - mean) ** 2;
  return {
    logRmse: Math.sqrt(logSquared / rows),
    mae: absolute / rows,
    rmse: Math.sqrt(squared / rows),
    // Without any spread there is nothing to explain.
    r2: spread === 0 ? 0 : 1 - squared / spread,
  };
}

/** `actual`: 1 for `forte`; `probability` of it. */
export function classMetrics(
  actual: ArrayLike<number>,
  probability: ArrayLike<number>,
  threshold = 0.5,
): Metrics {
  let [right, both, positive, predicted, squared] = [0, 0, 0, 0, 0];
  for (let row = 0; row < actual.length; row += 1) {
    const [is, says] = [actual[row] === 1, probability[row]! > threshold];
    right += Number(is === says);
    both += Number(is && says);
    positive += Number(is);
    predicted += Number(says);
    squared += (probability[row]! - actual[row]!) ** 2;
  }
  const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
  return {
    f1: ratio(2 * both, positive + predicted),
    accuracy: ratio(right, actual.length),
    precision: ratio(both, predicted),
    recall: ratio(both, positive),
    brier: ratio(squared, actual.length),
  };
}

/** One tenth of the probabilities: how many rows have one, what they are on average, and how often it came true. */
export interface CalibrationTenth {
  /** 0, 0.1, ... */
  readonly from: number;
  readonly rows: number;
  readonly predicted: number;
  readonly observed: number;
}

/** Tenths without a row are left out. */
export function calibrationOf(
  actual: ArrayLike<number>,
  probability: ArrayLike<number>,
): readonly CalibrationTenth[] {
  const tenths = Array.from({ length: 10 }, () => ({ rows: 0, predicted: 0, observed: 0 }));
  for (let row = 0; row < actual.length; row += 1) {
    const tenth = tenths[Math.min(9, Math.floor(probability[row]! * 10))]!;
    tenth.rows += 1;
    tenth.predicted += probability[row]!;
    tenth.observed += actual[row]!;
  }
  return tenths.flatMap(({ rows, predicted, observed }, index) =>
    rows === 0 ? [] : [{ from: index / 10, rows, predicted: predicted / rows, observed: observed / rows }],
  );
}

export const probabilityOf = (margin: number): number => 1 / (1 + Math.exp(-margin));
