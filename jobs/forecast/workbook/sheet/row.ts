// A row of a sheet: the cells that hold something, however far apart they stand.

/** A cell whose content is none of its type, or is an error: `found` says what it is. */
export class UnreadableCell {
  readonly found: string;

  constructor(found: string) {
    this.found = found;
  }
}

/** A date cell is a Date at midnight UTC of its day, in whichever of Excel's date systems it was written. */
export type Cell = string | number | boolean | Date | UnreadableCell | null;

/** Rows count from 1, as a spreadsheet shows them; columns from 0. Empty cells are not kept. */
export class Row {
  readonly number: number;
  /** In rising order, with the cell of each beside it. */
  readonly columns: readonly number[];
  readonly values: readonly Cell[];
  /** The columns of formulas, with or without a stored value; undefined when there is none. */
  readonly formulas: ReadonlySet<number> | undefined;

  constructor(
    number: number,
    columns: readonly number[],
    values: readonly Cell[],
    formulas: ReadonlySet<number> | undefined,
  ) {
    this.number = number;
    this.columns = columns;
    this.values = values;
    this.formulas = formulas;
  }

  at(column: number): Cell {
    // Most rows have no gap: the cell then stands at its own column.
    if (this.columns[column] === column) return this.values[column] ?? null;
    let low = 0;
    let high = this.columns.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const found = this.columns[middle] ?? 0;
      if (found === column) return this.values[middle] ?? null;
      if (found < column) low = middle + 1;
      else high = middle - 1;
    }
    return null;
  }

  isFormula(column: number): boolean {
    return this.formulas?.has(column) ?? false;
  }
}
