// The files of a published model: a descriptor, and one file for each kind of model that was trained.
import { z } from 'zod';
import { learnt } from './learnt.ts';

export const TASKS = ['reg', 'class'] as const;
export type Task = (typeof TASKS)[number];

/** Gradient boosting and random forest by XGBoost, and a neural network. */
export const KINDS = ['gbt', 'rf', 'nn'] as const;
export type Kind = (typeof KINDS)[number];

const metrics = z.record(z.string(), z.number());

export const candidate = z.object({
  kind: z.enum(KINDS),
  /** The kind, its features and its settings, as one line; two candidates of one recipe differ in their data alone. */
  recipe: z.string().min(1),
  /** `reg-gbt.ubj`; beside the descriptor. */
  file: z.string(),
  sizeBytes: z.int().min(1),
  /** In hexadecimal digits. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Out of time, on the rolling origins that all candidates share. */
  metrics,
});
export type Candidate = z.infer<typeof candidate>;

/** An example that the model has to answer alike wherever it is loaded: `expected` follows from `features`. */
const example = z.object({
  kind: z.enum(KINDS),
  /** Null: not known. */
  features: z.array(z.number().nullable()).readonly(),
  expected: z.number(),
});

export const descriptor = z.object({
  format: z.literal(1),
  task: z.enum(TASKS),
  /** The kind that won, which `best` stands for. */
  best: z.enum(KINDS),
  columns: z.array(z.string()).readonly(),
  candidates: z.array(candidate).min(1).readonly(),
  /** The errors of the naive methods on the same rows, by method. */
  naive: z.record(z.string(), metrics),
  examples: z.array(example).min(1).readonly(),
  learnt,
  /** Of a class: an hour is `forte` above this probability. */
  threshold: z.number().gt(0).lt(1).default(0.5),
  /** When the source was frozen that it was trained on. */
  trainedAt: z.iso.datetime(),
});
export type Descriptor = z.infer<typeof descriptor>;

export const descriptorName = (task: Task): string => `${task}.json`;
export const modelName = (task: Task, kind: Kind): string =>
  `${task}-${kind}.${kind === 'nn' ? 'json' : 'ubj'}`;
