// The answer to a file that is no readable workbook: what it is instead.

/** Thrown while opening a file, and turned into a problem that names the file by whoever reads the folder. */
export class UnusableWorkbook extends Error {
  override readonly name = 'UnusableWorkbook';
  readonly found: string;
  readonly expected: string;

  constructor(found: string, expected = 'an Excel workbook (.xlsx)', options?: ErrorOptions) {
    super(`found ${found}; expected ${expected}`, options);
    this.found = found;
    this.expected = expected;
  }
}
