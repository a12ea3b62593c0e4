// The answer to a file that cannot be read as a workbook: what was found, where, and what to do.

const WORKBOOK = 'an Excel workbook (.xlsx)';
/** Excel reads more than the format allows, and saves only what the format allows. */
export const SAVE_AGAIN = `${WORKBOOK}: open it in Excel and save it again`;

/** Where in the workbook, as far as it is known: rows count from 1, columns from 0. */
export interface WorkbookPlace {
  readonly sheet?: string;
  readonly row?: number;
  readonly columnIndex?: number;
}

/** Thrown while a file is read, and turned into a problem that names the file by the reader of the folder. */
export class UnusableWorkbook extends Error {
  override readonly name = 'UnusableWorkbook';
  readonly found: string;
  readonly expected: string;
  readonly place: WorkbookPlace;

  constructor(
    found: string,
    expected = WORKBOOK,
    options: ErrorOptions & { readonly place?: WorkbookPlace } = {},
  ) {
    super(`found ${found}; expected ${expected}`, options);
    this.found = found;
    this.expected = expected;
    this.place = options.place ?? {};
  }
}

/** A part whose bytes are not what an .xlsx may hold. */
export const unusable = (found: string, place?: WorkbookPlace): UnusableWorkbook =>
  new UnusableWorkbook(found, SAVE_AGAIN, place === undefined ? {} : { place });
