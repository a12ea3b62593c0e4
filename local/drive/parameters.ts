// Reads a request's query parameters, strictly: what would be ignored is refused.
import { ApiError, notImplemented } from '../http/errors.ts';
import { invalidValue } from './errors.ts';

// These change how an answer is written or billed, and not what it contains.
const NEUTRAL = ['prettyPrint', 'quotaUser', 'key'];

export class Parameters {
  readonly #values: ReadonlyMap<string, string>;

  /** Throws `ApiError` 501 for a parameter outside `known`, 400 for one given twice. */
  constructor(query: unknown, known: readonly string[]) {
    const entries = Object.entries(query as Record<string, string | string[]>);
    const unknown = entries.map(([name]) => name).filter((name) => ![...known, ...NEUTRAL].includes(name));
    if (unknown.length > 0) throw notImplemented(`the parameter ${unknown.join(', ')}`);
    for (const [name, value] of entries) if (typeof value !== 'string') throw invalidValue(name);
    this.#values = new Map(entries as [string, string][]);
  }

  /** Undefined when it is not given; an empty text counts as not given. */
  text(name: string): string | undefined {
    return this.#values.get(name) || undefined;
  }

  required(name: string): string {
    const value = this.text(name);
    if (value === undefined) {
      throw new ApiError(400, 'required', `Required parameter: ${name}`, name);
    }
    return value;
  }

  flag(name: string, otherwise = false): boolean {
    const value = this.text(name);
    if (value === undefined) return otherwise;
    if (value !== 'true' && value !== 'false') throw invalidValue(name);
    return value === 'true';
  }

  /** A count from 1 to 1000. */
  pageSize(): number {
    const value = this.text('pageSize') ?? '100';
    const size = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
    if (!(size >= 1 && size <= 1000)) {
      throw new ApiError(
        400,
        'invalidParameter',
        `Invalid value '${value}'. Values must be within the range: [1, 1000]`,
        'pageSize',
      );
    }
    return size;
  }

  /** One of `allowed`, of which the first is the default; 501 for another. */
  choice(name: string, ...allowed: readonly string[]): string {
    const value = this.text(name) ?? allowed[0] ?? '';
    if (!allowed.includes(value)) throw notImplemented(`${name}=${value}`);
    return value;
  }
}
