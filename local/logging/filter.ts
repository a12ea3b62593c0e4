// The part of Cloud Logging's query language that the program uses: comparisons of a field with a text, joined by AND.
import { notImplemented } from '../http/errors.ts';

/** A log entry as Cloud Logging's API shows it. */
export type LogEntry = Readonly<Record<string, unknown>>;

export type EntryFilter = (entry: LogEntry) => boolean;

// resource.labels.job_name="x"; a path's own parts are letters, digits and underscores, or stand in quotes.
const PATH = String.raw`[A-Za-z_]\w*(?:\.(?:\w+|"[^"\\]+"))*`;
const COMPARISON = new RegExp(String.raw`^(${PATH})\s*=\s*"((?:[^"\\]|\\["\\])*)"$`);
const ONE_OF = new RegExp(
  String.raw`^(${PATH})\s*=\s*\(\s*("(?:[^"\\]|\\["\\])*"(?:\s+OR\s+"(?:[^"\\]|\\["\\])*")*)\s*\)$`,
);

/** Reads a filter; what is not of this form is a 501 that quotes the part, for guessing would let entries through. */
export function readFilter(filter: string): EntryFilter {
  const terms = termsOf(filter).map(readTerm);
  return (entry) => terms.every((holds) => holds(entry));
}

/** The one text that the filter compares the field with; undefined where it does not. */
export function equalTo(filter: string, path: string): string | undefined {
  const found = termsOf(filter)
    .map((term) => COMPARISON.exec(term.trim()))
    .find((each) => each?.[1] === path);
  return found?.[2] && unescaped(found[2]);
}

const termsOf = (filter: string): readonly string[] => filter.split(/\s+AND\s+/);

const unescaped = (text: string): string => text.replace(/\\(["\\])/g, '$1');

function readTerm(term: string): EntryFilter {
  const [, path, value] = COMPARISON.exec(term.trim()) ?? [];
  if (path !== undefined && value !== undefined) return oneOf(path, [value]);
  const [, listed, values] = ONE_OF.exec(term.trim()) ?? [];
  if (listed !== undefined && values !== undefined)
    return oneOf(
      listed,
      values.split(/\s+OR\s+/).map((each) => each.slice(1, -1)),
    );
  throw notImplemented(`the filter "${term}"`);
}

/** Cloud Logging compares texts without regard to case, and anything else by its text. */
function oneOf(path: string, values: readonly string[]): EntryFilter {
  const wanted = values.map((value) => unescaped(value).toLowerCase());
  const parts = [...path.matchAll(/"([^"]+)"|\w+/g)].map(([bare, quoted]) => quoted ?? bare);
  return (entry) => {
    const found = fieldAt(entry, parts);
    return (
      (typeof found === 'string' || typeof found === 'number' || typeof found === 'boolean') &&
      wanted.includes(String(found).toLowerCase())
    );
  };
}

const fieldAt = (entry: LogEntry, parts: readonly string[]): unknown =>
  parts.reduce<unknown>(
    (value, part) => (typeof value === 'object' && value !== null ? (value as LogEntry)[part] : undefined),
    entry,
  );
