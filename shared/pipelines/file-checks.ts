// The checks that each file of an output must pass before it may be published.
import type { z } from 'zod';

/** A file as a checker sees it; only the bytes that it requests are read. */
export interface CheckedFile {
  readonly name: string;
  readonly sizeBytes: number;
  /** The first bytes of the file, at most a mebibyte. */
  readonly readStart: (bytes: number) => Promise<Buffer>;
}

/** `of` selects the files that the check applies to. */
export type FileCheck =
  | { readonly kind: 'count'; readonly of: RegExp; readonly atLeast: number; readonly atMost: number }
  | {
      readonly kind: 'size';
      readonly of: RegExp;
      readonly atLeastBytes: number;
      readonly atMostBytes: number;
    }
  | { readonly kind: 'content-type'; readonly of: RegExp; readonly type: string }
  | { readonly kind: 'json'; readonly of: RegExp; readonly schema: z.ZodType }
  | {
      readonly kind: 'checker';
      readonly of: RegExp;
      /** What the checker expects, for messages: `a cloud-optimised GeoTIFF`. */
      readonly expected: string;
      /** Returns what it found instead, or undefined when the file is as expected. */
      readonly check: (file: CheckedFile) => Promise<string | undefined>;
    };

/** The number of files with such a name is within these bounds. */
export const countWithin = (of: RegExp, atLeast: number, atMost: number): FileCheck => {
  if (!(atLeast >= 0 && atMost >= atLeast))
    throw new RangeError(`countWithin(${of}, ${atLeast}, ${atMost}): expected 0 <= atLeast <= atMost`);
  return { kind: 'count', of, atLeast, atMost };
};

export const sizeWithin = (of: RegExp, atLeastBytes: number, atMostBytes: number): FileCheck => {
  if (!(atLeastBytes >= 0 && atMostBytes >= atLeastBytes))
    throw new RangeError(`sizeWithin(${of}, ${atLeastBytes}, ${atMostBytes}): expected 0 <= least <= most`);
  return { kind: 'size', of, atLeastBytes, atMostBytes };
};

export const contentType = (of: RegExp, type: string): FileCheck => ({ kind: 'content-type', of, type });

/** The file is JSON that the schema accepts. */
export const jsonFile = (of: RegExp, schema: z.ZodType): FileCheck => ({ kind: 'json', of, schema });

export const checkedBy = (
  of: RegExp,
  expected: string,
  check: (file: CheckedFile) => Promise<string | undefined>,
): FileCheck => ({ kind: 'checker', of, expected, check });
