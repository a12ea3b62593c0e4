// Where a counter stands: the coordinates that most of its rows give, however they are written.

export interface Place {
  readonly latitude: number;
  readonly longitude: number;
}

/** Paris and its surroundings. What is outside is a mistake: `0,0`, or a place of another country. */
const LATITUDES = [48, 49.5] as const;
const LONGITUDES = [1.4, 3.6] as const;
const LONGEST_TEXT = 100;
const NUMBERS = /-?\d{1,3}(?:\.\d{1,15})?/g;
/** `48,846028 2,375429`: commas for the decimals, and something else between the numbers. */
const DECIMAL_COMMAS = /^\D*-?\d{1,3},\d+[\s;|/]+-?\d{1,3},\d+\D*$/;

/** Undefined where there are none near Paris. Two numbers in either order, with brackets or words around them. */
export function placeOf(text: string): Place | undefined {
  if (text.length > LONGEST_TEXT) return undefined;
  const numbers = (DECIMAL_COMMAS.test(text) ? text.replaceAll(',', '.') : text).match(NUMBERS);
  if (numbers?.length !== 2) return undefined;
  const [first, second] = numbers.map(Number) as [number, number];
  if (isWithin(first, LATITUDES) && isWithin(second, LONGITUDES))
    return { latitude: first, longitude: second };
  if (isWithin(second, LATITUDES) && isWithin(first, LONGITUDES))
    return { latitude: second, longitude: first };
  return undefined;
}

const isWithin = (value: number, [from, to]: readonly [number, number]): boolean =>
  value >= from && value <= to;

const MOST_PLACES = 20;

/** The places of one counter, with the number of rows that give each. */
export class Places {
  readonly #rows = new Map<string, { readonly place: Place; rows: number }>();
  #lastText = '';
  #last: { rows: number } | undefined;

  /** Whether the text names a place; nearly always the row before had the same text. */
  add(text: string): boolean {
    if (text !== this.#lastText || this.#last === undefined) this.#last = this.#find(text);
    this.#lastText = text;
    if (this.#last === undefined) return false;
    this.#last.rows += 1;
    return true;
  }

  #find(text: string): { rows: number } | undefined {
    const place = placeOf(text);
    if (place === undefined) return undefined;
    const key = `${place.latitude},${place.longitude}`;
    const known = this.#rows.get(key);
    if (known !== undefined || this.#rows.size >= MOST_PLACES) return known;
    const added = { place, rows: 0 };
    this.#rows.set(key, added);
    return added;
  }

  get distinct(): number {
    return this.#rows.size;
  }

  /** The place of the most rows; of two the one with the smaller numbers, so that the order of rows decides nothing. */
  get most(): Place | undefined {
    const sorted = [...this.#rows.values()].sort(
      (a, b) =>
        b.rows - a.rows || a.place.latitude - b.place.latitude || a.place.longitude - b.place.longitude,
    );
    return sorted[0]?.place;
  }
}
