// A file that cannot be read at all, as an error that its reader catches and lists as a problem.

export class UnusableFile extends Error {
  override readonly name = 'UnusableFile';
  readonly found: string;
  readonly expected: string;
  readonly row: number | undefined;

  constructor(found: string, expected: string, { row, ...options }: ErrorOptions & { row?: number } = {}) {
    super(`found ${found}; expected ${expected}`, options);
    this.found = found;
    this.expected = expected;
    this.row = row;
  }
}

export const unusable = (
  found: string,
  expected: string,
  options: ErrorOptions & { row?: number } = {},
): UnusableFile => new UnusableFile(found, expected, options);
