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

export class Observations {
  #capacity = FIRST_CAPACITY;
  #sites = new Int32Array(FIRST_CAPACITY);
  #days = new Int32Array(FIRST_CAPACITY);
  #visits = new Int32Array(FIRST_CAPACITY);
  #sheets = new Int32Array(FIRST_CAPACITY);
  #rows = new Int32Array(FIRST_CAPACITY);
  #columns = new Int16Array(FIRST_CAPACITY);
  #length = 0;

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
    this.#capacity *= 2;
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
