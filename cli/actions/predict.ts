// Asks a prediction service in batches, and prints an answer for each row in the sequence of the file.
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { z } from 'zod';
import { ConfigurationError, PermanentError } from '../../shared/errors.ts';
import { answerIn } from '../../shared/google/function-answers.ts';
import { callFunction } from '../../shared/google/functions.ts';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import { functionOf } from '../../shared/pipelines/services.ts';
import type { Target } from '../target.ts';
import { jsonText, writeLine } from '../terminal.ts';
import { questionsIn, type Question } from './questions.ts';

interface One {
  readonly counter: string;
  readonly at: string;
  readonly coordinates: string | undefined;
}

/** Either a file or one question. */
export type Asking = { readonly model: string; readonly type: string } & (
  | { readonly file: string; readonly one?: undefined }
  | { readonly one: One; readonly file?: undefined }
);

const BATCH = 1000;

const answer = z.object({
  predictions: z.array(z.number()),
  label: z.array(z.string()).optional(),
  warnings: z.array(z.object({ record: z.int(), message: z.string() })).optional(),
});

export async function predict(target: Target, pipeline: Pipeline, asking: Asking): Promise<void> {
  const url = target.functionUrl(serviceOf(pipeline, asking.model));
  for await (const batch of batchesOf(questionsOf(asking))) {
    const answered = await answerTo(url, asking, batch);
    for (const [row, question] of batch.entries())
      writeLine(process.stdout, jsonText(lineOf(question, answered, row)));
  }
}

function serviceOf(pipeline: Pipeline, model: string): string {
  const { services = [] } = pipeline;
  const service = services.find(({ follows }) => follows === model);
  if (service !== undefined) return functionOf(pipeline, service);
  const known = services.map(({ follows }) => follows).join(', ');
  throw new ConfigurationError(
    `--model ${model}: no service of ${pipeline.name} follows it; expected ${known === '' ? 'a pipeline with services' : known}`,
  );
}

async function* questionsOf(asking: Asking): AsyncGenerator<Question> {
  if (asking.one === undefined) {
    yield* questionsIn(basename(asking.file), () => createReadStream(asking.file));
    return;
  }
  const { counter, at, coordinates } = asking.one;
  yield { place: 'the question', counter, at, coordinates };
}

async function* batchesOf(questions: AsyncIterable<Question>): AsyncGenerator<readonly Question[]> {
  let batch: Question[] = [];
  for await (const question of questions) {
    batch.push(question);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

async function answerTo(
  url: string,
  { type }: Asking,
  batch: readonly Question[],
): Promise<z.infer<typeof answer>> {
  const records = batch.map(({ counter, at, coordinates }) => ({
    nom_du_compteur: counter,
    date_et_heure_de_comptage: at,
    ...(coordinates === undefined ? {} : { coordonnees_geographiques: coordinates }),
  }));
  try {
    return answer.parse(await callFunction(url, { records, model_type: type }, undefined, '/predict'));
  } catch (error) {
    throw placed(error, batch) ?? error;
  }
}

const problem = z.object({
  problems: z
    .array(
      z.object({ record: z.int().optional(), field: z.string(), found: z.string(), expected: z.string() }),
    )
    .min(1),
});

/** A refusal of the service by the place of the row; undefined for any other error. */
function placed(error: unknown, batch: readonly Question[]): PermanentError | undefined {
  const read = problem.safeParse(answerIn((error as { cause?: unknown }).cause));
  if (!read.success) return undefined;
  const { record = -1, field, found, expected } = read.data.problems[0]!;
  const place = batch[record]?.place;
  if (place === undefined) return undefined;
  const message = `${place}: ${field} is ${found}; expected ${expected}`;
  return new PermanentError(message, { cause: error, code: 'CALL_INVALID' });
}

function lineOf(
  { counter, at }: Question,
  { predictions, label, warnings = [] }: z.infer<typeof answer>,
  row: number,
): object {
  const own = warnings.filter(({ record }) => record === row).map(({ message }) => message);
  return {
    counter,
    at,
    prediction: predictions[row],
    ...(label === undefined ? {} : { label: label[row] }),
    ...(own.length === 0 ? {} : { warnings: own }),
  };
}
