// The canonical form of JSON: the same text for the same value, whatever the order of its fields.

const DEEPEST = 100;

/** Throws a `RangeError` for a value that is nested more than 100 deep. */
export function canonicalJson(value: unknown, depth = 0): string {
  if (depth > DEEPEST) throw new RangeError(`the value is nested more than ${DEEPEST} deep`);
  if (Array.isArray(value))
    return `[${value.map((each) => canonicalJson(each ?? null, depth + 1)).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value)
    .filter(([, each]) => each !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, each]) => `${JSON.stringify(name)}:${canonicalJson(each, depth + 1)}`);
  return `{${fields.join(',')}}`;
}
