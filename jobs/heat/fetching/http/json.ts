// Bodies of answers as JSON of a known form; any other form is a refusal that names the service.
import type { z } from 'zod';
import { quoted, UnusableFile } from '../../formats/unusable.ts';
import type { Answer } from './http.ts';

/** Throws `UnusableFile`. */
export function bodyOf<T>(answer: Answer, schema: z.ZodType<T>, file: string, service: string): T {
  const text = answer.body.toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const found = `${service} answered ${quoted(text)}`;
    throw new UnusableFile({ file, found, expected: 'JSON' }, { cause });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = `the answer of ${service}, ${issue?.path.join('.') ?? ''}`;
  throw new UnusableFile({ file, place, found: quoted(text), expected: issue?.message ?? 'its form' });
}
