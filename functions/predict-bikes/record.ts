// Reads one record of a request: the counter, the hour and the place that it asks about.
import { z } from 'zod';
import type { Asked } from '../../models/bikes/model.ts';
import { momentOf } from '../../models/bikes/moment.ts';
import { shown } from '../../shared/http/shown.ts';
import type { Problem } from './refused.ts';

export type ReadRecord =
  | { readonly kind: 'read'; readonly asked: Asked; readonly warnings: readonly string[] }
  | { readonly kind: 'wrong'; readonly problems: readonly Problem[] };

const NAME = 'nom_du_compteur';
const TIME = 'date_et_heure_de_comptage';
const PLACE = 'coordonnées_géographiques';
const MONTH = 'mois_annee_comptage';
const LONGEST_NAME = 200;
const LONGEST_TEXT = 100;

const EXPECTED: Readonly<Record<string, string>> = {
  [NAME]: `the name of a counter, of 1 to ${LONGEST_NAME} characters`,
  [TIME]: 'a time such as "2021-08-10T08:00:00+02:00", or without its offset local time of Paris',
  [PLACE]: 'latitude and longitude in degrees, such as "48.86,2.35", or null',
  [MONTH]: 'a text, or null',
};

const optionalText = z.string().max(LONGEST_TEXT).nullish();
const record = z.object({
  [NAME]: z
    .string()
    .max(LONGEST_NAME)
    .refine((name) => name.trim() !== ''),
  [TIME]: z.string().max(LONGEST_TEXT),
  [PLACE]: optionalText,
  // What it says follows from the time; it is not compared, as people write it in many ways.
  [MONTH]: optionalText,
});

/** Keys without their accents: how else a field may be named. */
const withoutAccents = (key: string): string => key.normalize('NFD').replace(/\p{M}/gu, '');
const FIELDS = new Map(
  [NAME, TIME, PLACE, MONTH].flatMap((field) => [
    [field, field] as const,
    [withoutAccents(field), field] as const,
    [field.normalize('NFD'), field] as const,
  ]),
);

export function readRecord(value: unknown): ReadRecord {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return wrong({ field: 'record', found: shown(value), expected: 'an object' });
  const fields = fieldsOf(value);
  const read = record.safeParse(fields);
  const problems = read.success
    ? []
    : read.error.issues.map(({ path }) => problemOf(String(path[0]), fields));
  const time = typeof fields[TIME] === 'string' ? readTime(fields[TIME]) : undefined;
  if (time !== undefined && 'expected' in time) problems.push(time);
  const coordinates = typeof fields[PLACE] === 'string' ? readPlace(fields[PLACE]) : undefined;
  if (coordinates === 'wrong') problems.push(problemOf(PLACE, fields));
  if (!read.success || time === undefined || 'expected' in time || coordinates === 'wrong')
    return { kind: 'wrong', problems: withoutRepeated(problems) };
  const place = { name: read.data[NAME], coordinates };
  return { kind: 'read', asked: { place, hour: time.hour }, warnings: time.warnings };
}

/** Only what is asked for is read, so other keys, `__proto__` among them, do nothing. */
function fieldsOf(value: object): Readonly<Record<string, unknown>> {
  const fields: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const field = FIELDS.get(key);
    if (field !== undefined) fields[field] = (value as Readonly<Record<string, unknown>>)[key];
  }
  return fields;
}

function readTime(text: string): { readonly hour: number; readonly warnings: readonly string[] } | Problem {
  const moment = momentOf(text);
  if (moment.kind === 'unreadable') return { field: TIME, found: shown(text), expected: EXPECTED[TIME]! };
  if (moment.kind === 'absent')
    return {
      field: TIME,
      found: `${shown(text)}, which Paris skips when the clocks go forward`,
      expected: 'a local time that exists, or an offset',
    };
  const { hour, form } = moment;
  if (form === 'offset' || form === 'epoch') return { hour, warnings: [] };
  const warnings = [`${TIME} ${shown(text)} has no offset: read as local time of Paris`];
  if (moment.kind === 'doubled')
    warnings.push(
      `${TIME} ${shown(text)} is there twice, as the clocks go back: read as the first, in summer time`,
    );
  return { hour, warnings };
}

const COORDINATES = /^\s*([-+]?\d{1,3}(?:\.\d{1,20})?)\s*,\s*([-+]?\d{1,3}(?:\.\d{1,20})?)\s*$/;

function readPlace(text: string): readonly [latitude: number, longitude: number] | undefined | 'wrong' {
  if (text.trim() === '') return undefined;
  const [, latitude, longitude] = COORDINATES.exec(text) ?? [];
  if (latitude === undefined || longitude === undefined) return 'wrong';
  const place = [Number(latitude), Number(longitude)] as const;
  return Math.abs(place[0]) <= 90 && Math.abs(place[1]) <= 180 ? place : 'wrong';
}

const problemOf = (field: string, fields: Readonly<Record<string, unknown>>): Problem => ({
  field,
  found: shown(fields[field]),
  expected: EXPECTED[field] ?? '',
});

const wrong = (problem: Problem): ReadRecord => ({ kind: 'wrong', problems: [problem] });

/** A text that is too long is unreadable as well. */
const withoutRepeated = (problems: readonly Problem[]): readonly Problem[] =>
  problems.filter(({ field }, at) => problems.findIndex((other) => other.field === field) === at);
