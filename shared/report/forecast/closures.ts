// Days on which nearly everything is closed: charts leave them out, for a line that falls to nothing every
// Sunday hides what it should show.

/** A day with less than so much of the usual is one on which nearly everything is closed. */
const NEARLY_CLOSED = 0.15;
/** Longer closures are shown as what they are. */
const LONGEST_BRIDGE_DAYS = 3;

/** NaN where nothing is known. A day is open when it was forecast so, or when visitors came. */
export function nearlyClosed(predicted: readonly number[], actual: readonly number[]): readonly boolean[] {
  const open = predicted.filter((value) => value > 0).toSorted((one, other) => one - other);
  const usual = open[open.length >> 1] ?? 0;
  const known = (value: number | undefined): number =>
    value === undefined || Number.isNaN(value) ? 0 : value;
  return predicted.map((value, index) => {
    const isKnown = !Number.isNaN(value) || !Number.isNaN(actual[index] ?? Number.NaN);
    return isKnown && Math.max(known(value), known(actual[index])) < NEARLY_CLOSED * usual;
  });
}

/** Lines go straight on over short closures; null where nothing is known. */
export function bridged(values: readonly number[], isClosed: readonly boolean[]): (number | null)[] {
  return values.map((value, index) => {
    if (Number.isNaN(value)) return null;
    if (isClosed[index] !== true) return value;
    const before = isClosed.lastIndexOf(false, index);
    const after = isClosed.indexOf(false, index);
    const [start, end] = [values[before] ?? Number.NaN, values[after] ?? Number.NaN];
    const length = (after === -1 ? isClosed.length : after) - before - 1;
    if (length > LONGEST_BRIDGE_DAYS) return value;
    if (Number.isNaN(start) || Number.isNaN(end)) return null;
    return start + ((end - start) * (index - before)) / (after - before);
  });
}
