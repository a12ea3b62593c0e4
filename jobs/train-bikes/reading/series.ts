// Gathers the counts hour by hour, in pages of a week, so that memory follows the hours that are counted and not the rows.
import type { Counter, Hour, Observations } from '../../../models/bikes/observations.ts';
import { counterKey, counterName } from '../../../models/bikes/counter-name.ts';
import { Places } from './coordinates.ts';
import { encodedOnce } from './encoding.ts';
import { unusable } from './unusable.ts';

const PAGE_HOURS = 168;
/** 270 MB: 7,700 years of one counter, or 77 years of 100 of them. */
const MOST_PAGES = 400_000;
const MOST_COUNTERS = 5_000;
const MOST_SPELLINGS = 20_000;
/** Spellings of one counter that are kept. */
const MOST_KEPT = 100;
export const LONGEST_NAME = 200;

interface Series {
  readonly places: Places;
  /** The rows of each spelling of its name. */
  readonly names: Map<string, Spelling>;
  /** As the files have it, where that is not the name. */
  readonly spellings: Set<string>;
  /** Counts by week; NaN: none. */
  readonly pages: Map<number, Float32Array>;
  rows: number;
}

interface Spelling {
  readonly counter: number;
  rows: number;
}

export type Added = 'new' | 'repeated-row' | 'replaced-row';

export class SeriesSet {
  readonly #series: Series[] = [];
  readonly #byKey = new Map<string, number>();
  readonly #bySpelling = new Map<string, Spelling>();
  #pages = 0;

  /** The index of the counter of a row with this name, a new one if need be; undefined for a text that is no name. */
  counterOf(text: string): number | undefined {
    const spelling = this.#bySpelling.get(text) ?? this.#spellingOf(text);
    if (spelling === undefined) return undefined;
    spelling.rows += 1;
    return spelling.counter;
  }

  #spellingOf(text: string): Spelling | undefined {
    if (text.length > LONGEST_NAME) return undefined;
    const name = counterName(encodedOnce(text));
    if (!/[\p{L}\p{N}]/u.test(name)) return undefined;
    const counter = this.#indexOf(name);
    const { names, spellings } = this.#series[counter]!;
    // A copy: a part of a text keeps the whole text in memory.
    const own = Buffer.from(text).toString();
    if (text !== name && spellings.size < MOST_KEPT) spellings.add(own);
    const spelling = names.get(name) ?? { counter, rows: 0 };
    if (names.size < MOST_KEPT) names.set(name, spelling);
    if (this.#bySpelling.size >= MOST_SPELLINGS) this.#bySpelling.clear();
    this.#bySpelling.set(own, spelling);
    return spelling;
  }

  #indexOf(name: string): number {
    const key = counterKey(name);
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const index = this.#series.length;
    if (index >= MOST_COUNTERS) throw unusable(`over ${MOST_COUNTERS} counters`, 'the counters of a city');
    this.#byKey.set(key, index);
    this.#series.push({
      places: new Places(),
      names: new Map(),
      spellings: new Set(),
      pages: new Map(),
      rows: 0,
    });
    return index;
  }

  /** Whether the text names a place. */
  addPlace(counter: number, text: string): boolean {
    return this.#series[counter]!.places.add(text);
  }

  /** The later of two rows of one hour replaces the earlier one. */
  add(counter: number, hour: Hour, count: number): Added {
    const series = this.#series[counter]!;
    const week = Math.floor(hour / PAGE_HOURS);
    let page = series.pages.get(week);
    if (page === undefined) {
      this.#pages += 1;
      if (this.#pages > MOST_PAGES)
        throw unusable(`counts of over ${MOST_PAGES} weeks of counters`, 'counts that are closer together');
      page = new Float32Array(PAGE_HOURS).fill(NaN);
      series.pages.set(week, page);
    }
    const at = hour - week * PAGE_HOURS;
    const before = page[at]!;
    page[at] = count;
    if (before === count) return 'repeated-row';
    if (!Number.isNaN(before)) return 'replaced-row';
    series.rows += 1;
    return 'new';
  }

  /** All counters with a row, by name. */
  observations(): Observations {
    const sorted = this.#series
      .filter(({ rows }) => rows > 0)
      .map((series) => ({ ...series, name: nameOf(series.names) }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const rows = sorted.reduce((sum, series) => sum + series.rows, 0);
    const counter = new Uint16Array(rows);
    const hour = new Int32Array(rows);
    const count = new Float32Array(rows);
    let at = 0;
    for (const [index, { pages }] of sorted.entries()) {
      for (const week of [...pages.keys()].sort((a, b) => a - b)) {
        const page = pages.get(week)!;
        for (let offset = 0; offset < PAGE_HOURS; offset += 1) {
          const value = page[offset]!;
          if (Number.isNaN(value)) continue;
          counter[at] = index;
          hour[at] = week * PAGE_HOURS + offset;
          count[at] = value;
          at += 1;
        }
      }
    }
    return { counters: sorted.map(counterIn), counter, hour, count };
  }

  /** Counters whose rows give more than one place, and those that are written in other ways than their name. */
  get oddities(): { readonly moved: readonly string[]; readonly respelt: readonly Respelt[] } {
    const named = this.#series
      .filter(({ rows }) => rows > 0)
      .map((series) => ({ ...series, name: nameOf(series.names) }));
    return {
      moved: named
        .filter(({ places }) => places.distinct > 1)
        .map(({ name }) => name)
        .sort(),
      respelt: named
        .map(({ name, names, spellings }) => ({
          name,
          others: [...new Set([...names.keys(), ...spellings])].filter((other) => other !== name).sort(),
        }))
        .filter(({ others }) => others.length > 0)
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
    };
  }
}

export interface Respelt {
  readonly name: string;
  readonly others: readonly string[];
}

/** The spelling of the most rows; of two the first in the order of letters, so that the order of rows decides nothing. */
const nameOf = (names: ReadonlyMap<string, Spelling>): string =>
  [...names].sort(([a, one], [b, other]) => other.rows - one.rows || (a < b ? -1 : 1))[0]?.[0] ?? '';

const counterIn = ({ name, places }: { readonly name: string; readonly places: Places }): Counter => ({
  name,
  latitude: places.most?.latitude,
  longitude: places.most?.longitude,
});
