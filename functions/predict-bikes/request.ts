// Reads the body of `POST /predict`: all that is wrong with it at once, or what is asked.
import { z } from 'zod';
import type { Asked } from '../../models/bikes/model.ts';
import type { Answer, Body } from '../../shared/http/call.ts';
import { readJsonBody, type ReadBody } from '../../shared/http/json-body.ts';
import { shown } from '../../shared/http/shown.ts';
import { MOST_BODY_BYTES, MOST_RECORDS } from './limits.ts';
import { refused, type Problem } from './refused.ts';
import { readRecord } from './record.ts';

export interface Asking {
  readonly kind: 'asking';
  readonly asked: readonly Asked[];
  /** For a record, what was assumed of it. */
  readonly warnings: ReadonlyMap<number, readonly string[]>;
  readonly modelType: string | undefined;
  readonly metric: string | undefined;
}

export type Read = Asking | { readonly kind: 'refused'; readonly answer: Answer };

const EXAMPLE = '{"records": [{"nom_du_compteur": …, "date_et_heure_de_comptage": …}]}';

const optionalText = z.string().max(40).nullish();
const envelope = z.object({ records: z.array(z.unknown()), model_type: optionalText, metric: optionalText });

export function readRequest(body: Body): Read {
  const read = readJsonBody(body, MOST_BODY_BYTES, EXAMPLE);
  return read.kind === 'wrong' ? { kind: 'refused', answer: wrongBody(read) } : readEnvelope(read.value);
}

type WrongBody = Extract<ReadBody, { kind: 'wrong' }>;

const STATUS: Readonly<Record<WrongBody['why'], number>> = {
  'too-long': 413,
  encoded: 415,
  absent: 422,
  'not-json-type': 415,
  'not-json': 400,
};

function wrongBody({ why, detail, headers }: WrongBody): Answer {
  const problems = why === 'absent' ? [{ field: 'body', found: 'nothing', expected: EXAMPLE }] : [];
  return refused(STATUS[why], why === 'too-long' ? 'LIMIT_EXCEEDED' : 'CALL_INVALID', detail, {
    problems,
    headers,
  });
}

function readEnvelope(value: unknown): Read {
  const opened = envelope.safeParse(value);
  if (!opened.success) return invalid(opened.error.issues.map((issue) => problemOf(issue, value)));
  const { records, model_type, metric } = opened.data;
  if (records.length > MOST_RECORDS) {
    const detail = `The request has ${records.length} records; expected at most ${MOST_RECORDS}. Ask in several requests.`;
    return { kind: 'refused', answer: refused(413, 'LIMIT_EXCEEDED', detail) };
  }
  if (records.length === 0)
    return invalid([{ field: 'records', found: 'no record', expected: `1 to ${MOST_RECORDS} records` }]);
  const asked: Asked[] = [];
  const problems: Problem[] = [];
  const warnings = new Map<number, readonly string[]>();
  for (const [index, record] of records.entries()) {
    const read = readRecord(record);
    if (read.kind === 'wrong') problems.push(...read.problems.map((each) => ({ record: index, ...each })));
    else asked.push(read.asked);
    if (read.kind === 'read' && read.warnings.length > 0) warnings.set(index, read.warnings);
  }
  if (problems.length > 0) return invalid(problems);
  return { kind: 'asking', asked, warnings, modelType: model_type ?? undefined, metric: metric ?? undefined };
}

function problemOf({ path }: z.core.$ZodIssue, value: unknown): Problem {
  const [field] = path;
  if (field === undefined) return { field: 'body', found: shown(value), expected: EXAMPLE };
  const found = shown((value as Readonly<Record<string, unknown>>)[String(field)]);
  return { field: String(field), found, expected: field === 'records' ? 'a list of records' : 'a text' };
}

/** 422, with every problem. */
export function unprocessable(problems: readonly Problem[]): Answer {
  const [first] = problems;
  const { record, field = '', found = '', expected = '' } = first ?? {};
  const where = record === undefined ? field : `record ${record}: ${field}`;
  const more = problems.length > 1 ? ` There are ${problems.length} problems.` : '';
  return refused(422, 'CALL_INVALID', `${where}: found ${found}; expected ${expected}.${more}`, { problems });
}

const invalid = (problems: readonly Problem[]): Read => ({
  kind: 'refused',
  answer: unprocessable(problems),
});
