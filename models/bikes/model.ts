// A loaded model: verified, self-tested and warm; it answers what was asked, and is never changed.
import { createHash } from 'node:crypto';
import { descriptor, KINDS, type Candidate, type Descriptor, type Kind } from './bundle.ts';
import { COLUMNS, countOf, fillFeatures, type Question } from './features.ts';
import type { Hour } from './observations.ts';
import { localTimeOf } from './paris.ts';
import { countersOf, type Counters, type Place } from './places.ts';
import { parsingPredictor, type Predictor } from './predictors.ts';
import { finished, type Steps } from './steps.ts';

/** A published model's files, by name. */
export interface ModelFiles {
  readonly descriptor: Uint8Array;
  readonly bytes: ReadonlyMap<string, Uint8Array>;
}

export interface Asked {
  readonly place: Place;
  readonly hour: Hour;
}

export interface Answered {
  /** Bicycles in the hour; of a class 1 for `forte` and 0 for `faible`. */
  readonly prediction: number;
  readonly warnings: readonly string[];
}

export interface LoadedModel {
  readonly descriptor: Descriptor;
  /** The kinds that are loaded: all, or at first the best alone. */
  readonly kinds: readonly Kind[];
  /** Throws a `RangeError` for a kind that is not loaded. */
  answer(kind: Kind, asked: readonly Asked[]): readonly Answered[];
}

const HASHED_AT_ONCE = 262_144;
const CLOSE = 1e-5;
/** Each goes through hundreds of trees, so a few have V8 compile what a request needs; more would delay a cold start. */
const WARMING_CALLS = 16;

/** Throws an `Error` that names the file, and what was found in it. */
export const loadModel = (files: ModelFiles): LoadedModel => finished(loadingModel(files));

/** The same in steps. */
export function* loadingModel({ descriptor: described, bytes }: ModelFiles): Steps<LoadedModel> {
  const opened = new OpenedModel(described);
  return yield* opened.adding(kindsOf(opened.descriptor), bytes);
}

/** A descriptor, to which the kinds are added as they are needed. Throws an `Error` that names what is wrong in it. */
export class OpenedModel {
  readonly descriptor: Descriptor;
  readonly #predictors = new Map<Kind, Predictor>();

  constructor(described: Uint8Array) {
    this.descriptor = readDescriptor(described);
  }

  /** Verifies, tests and warms up these kinds. Returns the model with all that were added. */
  *adding(kinds: readonly Kind[], bytes: ModelFiles['bytes']): Steps<LoadedModel> {
    const { candidates } = this.descriptor;
    for (const candidate of candidates.filter(({ kind }) => kinds.includes(kind))) {
      const predictor = yield* verifiedPredictor(candidate, bytes);
      yield* testItself(this.descriptor, candidate.kind, predictor);
      this.#predictors.set(candidate.kind, predictor);
    }
    const model = new Model(this.descriptor, new Map(this.#predictors));
    yield* warmUp(model, kinds);
    return model;
  }
}

class Model implements LoadedModel {
  readonly descriptor: Descriptor;
  readonly kinds: readonly Kind[];
  readonly #predictors: ReadonlyMap<Kind, Predictor>;
  readonly #counters: Counters;
  readonly #lastYear: number;

  constructor(described: Descriptor, predictors: ReadonlyMap<Kind, Predictor>) {
    this.descriptor = described;
    this.kinds = [...predictors.keys()];
    this.#predictors = predictors;
    this.#counters = countersOf(described.learnt);
    this.#lastYear = yearOf(described.learnt.upTo - 1);
  }

  answer(kind: Kind, asked: readonly Asked[]): readonly Answered[] {
    const predictor = this.#predictors.get(kind);
    if (predictor === undefined) throw new RangeError(`the model has no ${kind}`);
    const { learnt } = this.descriptor;
    const found = asked.map(({ place }) => this.#counters(place));
    const questions: readonly Question[] = asked.map(({ hour }, row) => ({
      counter: found[row]!.counter,
      hour,
    }));
    const features = new Float32Array(asked.length * COLUMNS.length);
    for (const [row, question] of questions.entries())
      fillFeatures(learnt, question, features, row * COLUMNS.length);
    const numbers = predictor.predict(features, asked.length);
    return questions.map((question, row) => {
      const { warning } = found[row]!;
      const warnings = [...(warning === undefined ? [] : [warning]), ...this.#beyond(question.hour)];
      return { prediction: this.#predictionOf(question, numbers[row]!), warnings };
    });
  }

  #predictionOf(question: Question, number: number): number {
    const { task, threshold, learnt } = this.descriptor;
    if (task === 'reg') return countOf(learnt, question, number);
    return 1 / (1 + Math.exp(-number)) > threshold ? 1 : 0;
  }

  #beyond(hour: Hour): readonly string[] {
    const year = yearOf(hour);
    if (year <= this.#lastYear) return [];
    return [
      `the year ${year} is beyond the training data, which ends in ${this.#lastYear}: answered from the calendar`,
    ];
  }
}

function readDescriptor(bytes: Uint8Array): Descriptor {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new Error(`the descriptor is not JSON: ${(cause as Error).message}`, { cause });
  }
  const read = descriptor.safeParse(value);
  if (!read.success) {
    const [first] = read.error.issues;
    throw new Error(`the descriptor has the wrong form: ${first?.path.join('.')}: ${first?.message}`);
  }
  const { columns, candidates, best, examples } = read.data;
  const expected = COLUMNS.map(({ name }) => name).join(', ');
  if (columns.join(', ') !== expected)
    throw new Error(`the model has the features ${columns.join(', ')}; expected ${expected}`);
  if (new Set(candidates.map(({ kind }) => kind)).size < candidates.length)
    throw new Error('the descriptor names a kind twice');
  const isThere = (wanted: Kind) => candidates.some(({ kind }) => kind === wanted);
  if (!isThere(best)) throw new Error(`the descriptor names the best ${best}, and has none`);
  for (const [index, { kind, features }] of examples.entries())
    if (!isThere(kind) || features.length !== COLUMNS.length)
      throw new Error(`example ${index} does not fit the model: ${kind} of ${features.length} features`);
  return read.data;
}

function* verifiedPredictor(candidate: Candidate, bytes: ModelFiles['bytes']): Steps<Predictor> {
  const { file, kind, sizeBytes, sha256 } = candidate;
  const content = bytes.get(file);
  if (content === undefined) throw new Error(`the descriptor names ${file}, which the model does not have`);
  if (content.length !== sizeBytes)
    throw new Error(`${file} has ${content.length} bytes; expected ${sizeBytes}, as the descriptor says`);
  const hash = createHash('sha256');
  for (let at = 0; at < content.length; at += HASHED_AT_ONCE) {
    hash.update(content.subarray(at, at + HASHED_AT_ONCE));
    yield;
  }
  if (hash.digest('hex') !== sha256)
    throw new Error(`${file} differs from the SHA-256 that the descriptor has`);
  try {
    const predictor = yield* parsingPredictor(kind, content);
    if (predictor.features === COLUMNS.length) return predictor;
    throw new Error(`the model has ${predictor.features} features; expected ${COLUMNS.length}`);
  } catch (cause) {
    throw new Error(`${file}: ${(cause as Error).message}`, { cause });
  }
}

/** What each stored example was answered where the model was trained, it is answered here. */
function* testItself({ examples }: Descriptor, tested: Kind, predictor: Predictor): Steps<void> {
  for (const [index, { kind, features, expected }] of examples.entries()) {
    if (kind !== tested) continue;
    const [found = Number.NaN] = predictor.predict(
      Float32Array.from(features, (value) => value ?? Number.NaN),
      1,
    );
    const isClose = Math.abs(found - expected) <= CLOSE * Math.max(1, Math.abs(expected));
    if (!isClose) throw new Error(`example ${index}: ${kind} answered ${found}; expected ${expected}`);
    yield;
  }
}

/** The first requests are as fast as the others. Throws if an answer is no number. */
function* warmUp(model: LoadedModel, kinds: readonly Kind[]): Steps<void> {
  const { learnt } = model.descriptor;
  for (let call = 0; call < WARMING_CALLS; call += 1) {
    const { name } = learnt.counters[call % learnt.counters.length]!;
    const asked = [{ place: { name }, hour: learnt.upTo + call }];
    for (const kind of kinds) {
      const [answered] = model.answer(kind, asked);
      if (!Number.isFinite(answered?.prediction)) throw new Error(`${kind} answered ${answered?.prediction}`);
      yield;
    }
  }
}

const DAY_MS = 86_400_000;
const yearOf = (hour: Hour): number => new Date(localTimeOf(hour).day * DAY_MS).getUTCFullYear();

/** The kinds that the model has, in the order of `KINDS`. */
export const kindsOf = ({ candidates }: Descriptor): readonly Kind[] =>
  KINDS.filter((kind) => candidates.some((candidate) => candidate.kind === kind));
