// The manifest of an attempt's output, written last (law 4): data to load, or a refusal of the input.
import { z } from 'zod';

export const outputFile = z.object({
  name: z.string(),
  /** The object in the results bucket. */
  object: z.string(),
  sizeBytes: z.int().min(0),
  /** Base64 of the big-endian CRC32C, as Cloud Storage answers it. */
  crc32c: z.string(),
  rows: z.int().min(0).optional(),
});
export type OutputFile = z.infer<typeof outputFile>;

/** The measurements of a training job on the model that it writes. */
export const modelResult = z.object({
  /** The model output of the pipeline. */
  name: z.string(),
  /** The kind of model, its features and its settings, as the job names them. */
  recipe: z.string(),
  metrics: z.record(z.string(), z.number()),
  /** The champion that it was compared with: its recipe, trained up to the same origins on the same rows; null: there was none. */
  champion: z
    .object({ publication: z.string(), recipe: z.string(), metrics: z.record(z.string(), z.number()) })
    .nullable(),
  /** The other recipes of the run, measured on the same rows. */
  others: z
    .array(z.object({ recipe: z.string(), metrics: z.record(z.string(), z.number()) }))
    .readonly()
    .optional(),
});
export type ModelResult = z.infer<typeof modelResult>;

/** One place in the input that the job cannot use. */
export const inputProblem = z.object({
  file: z.string(),
  sheet: z.string().optional(),
  /** As in a spreadsheet: the first row is 1. */
  row: z.int().min(1).optional(),
  column: z.string().optional(),
  found: z.string(),
  expected: z.string(),
  message: z.string(),
});
export type InputProblem = z.infer<typeof inputProblem>;

const attemptOf = {
  pipeline: z.string(),
  run: z.string(),
  attempt: z.int().min(1),
  writtenAt: z.iso.datetime(),
};

export const outputManifest = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('output'),
    ...attemptOf,
    files: z.array(outputFile).readonly(),
    rows: z.int().min(0),
    summary: z.record(z.string(), z.unknown()).optional(),
    models: z.array(modelResult).readonly().optional(),
  }),
  z.object({
    kind: z.literal('refusal'),
    ...attemptOf,
    /** One sentence that names the first problem's place. */
    reason: z.string(),
    problems: z.array(inputProblem).readonly(),
    problemCount: z.int().min(1),
  }),
]);
export type OutputManifest = z.infer<typeof outputManifest>;
