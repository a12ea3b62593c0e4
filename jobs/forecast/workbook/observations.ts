// All values of all flux files, in columns of numbers: two million of them fit in some sixty megabytes.
import type { Day } from '../series/panel.ts';

export interface Observation {
  readonly siteIndex: number;
  readonly day: Day;
  readonly visits: number;
  /** Where it stands: the sheet's number in `sheets`, the row as shown, the column from 0. */
  readonly sheetIndex: number;
  readonly row: number;
  readonly columnIndex: number;
}

const FIRST_CAPACITY = 1 << 16;

/** What can be handed to another thread. */
export interface ObservationColumns {
  readonly sites: Int32Array;
  readonly days: Int32Array;
  readonly visits: Int32Array;
  readonly sheets: Int32Array;
  readonly rows: Int32Array;
  readonly columns: Int16Array;
}

export class Observations {
  #capacity = FIRST_CAPACITY;
  #sites: Int32Array = new Int32Array(FIRST_CAPACITY);
  #days: Int32Array = new Int32Array(FIRST_CAPACITY);
  #visits: Int32Array = new Int32Array(FIRST_CAPACITY);
  #sheets: Int32Array = new Int32Array(FIRST_CAPACITY);
  #rows: Int32Array = new Int32Array(FIRST_CAPACITY);
  #columns: Int16Array = new Int16Array(FIRST_CAPACITY);
  #length = 0;

  static of({ sites, days, visits, sheets, rows, columns }: ObservationColumns): Observations {
    const observations = new Observations();
    observations.#sites = sites;
    observations.#days = days;
    observations.#visits = visits;
    observations.#sheets = sheets;
    observations.#rows = rows;
    observations.#columns = columns;
    observations.#length = sites.length;
    observations.#capacity = sites.length;
    return observations;
  }

  /** As many numbers each as there are observations. */
  get values(): ObservationColumns {
    const filled = <T extends Int32Array | Int16Array>(column: T): T => column.slice(0, this.#length) as T;
    return {
      sites: filled(this.#sites),
      days: filled(this.#days),
      visits: filled(this.#visits),
      sheets: filled(this.#sheets),
      rows: filled(this.#rows),
      columns: filled(this.#columns),
    };
  }

  get length(): number {
    return this.#length;
  }

  add(observation: Observation): void {
    if (this.#length === this.#capacity) this.#grow();
    const at = this.#length;
    this.#sites[at] = observation.siteIndex;
    this.#days[at] = observation.day;
    this.#visits[at] = observation.visits;
    this.#sheets[at] = observation.sheetIndex;
    this.#rows[at] = observation.row;
    this.#columns[at] = observation.columnIndex;
    this.#length += 1;
  }

  at(index: number): Observation {
    return {
      siteIndex: this.#sites[index] ?? 0,
      day: this.#days[index] ?? 0,
      visits: this.#visits[index] ?? 0,
      sheetIndex: this.#sheets[index] ?? 0,
      row: this.#rows[index] ?? 0,
      columnIndex: this.#columns[index] ?? 0,
    };
  }

  #grow(): void {
    this.#capacity = Math.max(FIRST_CAPACITY, this.#capacity * 2);
    const wider = <T extends Int32Array | Int16Array>(from: T, to: T): T => {
      to.set(from);
      return to;
    };
    this.#sites = wider(this.#sites, new Int32Array(this.#capacity));
    this.#days = wider(this.#days, new Int32Array(this.#capacity));
    this.#visits = wider(this.#visits, new Int32Array(this.#capacity));
    this.#sheets = wider(this.#sheets, new Int32Array(this.#capacity));
    this.#rows = wider(this.#rows, new Int32Array(this.#capacity));
    this.#columns = wider(this.#columns, new Int16Array(this.#capacity));
  }
}
