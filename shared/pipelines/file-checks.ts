// The checks that each file of an output must pass before it may be published.
import type { z } from 'zod';

/** What a checker is given of a file: no more of its bytes than it asks for. */
export interface CheckedFile {
  readonly name: string;
  readonly sizeBytes: number;
  /** The first bytes of the file, at most a mebibyte. */
  readonly readStart: (bytes: number) => Promise<Buffer>;
}

/** `of` says which files the check speaks of. */
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
      /** What the checker looks for, as people name it: `a cloud-optimised GeoTIFF`. */
      readonly expected: string;
      /** Gives what it found instead, or undefined when the file is as expected. */
      readonly check: (file: CheckedFile) => Promise<string | undefined>;
    };

/** As many files as these have such a name. */
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
