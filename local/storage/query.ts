// What every route does first: reads the query strictly, and refuses conditions that it would not keep.
import type { FastifyRequest } from 'fastify';
import { invalid, notImplemented } from '../http/errors.ts';

export type Query = Readonly<Record<string, string | undefined>>;

// Every method takes these. They shape the answer only; `fields` does so for reads, and is passed over by writes.
const SHAPING = ['alt', 'fields', 'key', 'prettyPrint', 'projection', 'quotaUser', 'userProject'];

const DESTINATION_CONDITIONS = [
  'ifGenerationMatch',
  'ifGenerationNotMatch',
  'ifMetagenerationMatch',
  'ifMetagenerationNotMatch',
];
const SOURCE_CONDITIONS = DESTINATION_CONDITIONS.map((name) => name.replace(/^if/, 'ifSource'));

/**
 * Reads the query of `request`. Throws 501 on a parameter outside `known` (conditions and the ones that only
 * shape the answer are always known), 400 on one that is given twice.
 */
export function readQuery(request: FastifyRequest, known: readonly string[]): Query {
  for (const header of ['if-match', 'if-none-match', 'x-goog-encryption-algorithm']) {
    if (request.headers[header] !== undefined) throw notImplemented(`the header ${header} of Cloud Storage`);
  }
  const query = request.query as Record<string, string | string[]>;
  const accepted = [...SHAPING, ...DESTINATION_CONDITIONS, ...known];
  for (const [name, value] of Object.entries(query)) {
    if (!accepted.includes(name)) throw notImplemented(`the query parameter ${name} of Cloud Storage`);
    if (typeof value !== 'string') throw invalid(`The query parameter ${name} is given more than once.`);
  }
  const { alt = 'json' } = query;
  if (alt !== 'json' && alt !== 'media') throw notImplemented(`alt=${String(alt)} of Cloud Storage`);
  return query as Record<string, string>;
}

export const sourceParameters = ['sourceGeneration', ...SOURCE_CONDITIONS];

/** `true` or `false` (gcloud writes them with a capital); throws 400 on anything else. */
export function readFlag(query: Query, name: string): boolean {
  const text = (query[name] ?? 'false').toLowerCase();
  if (text !== 'true' && text !== 'false') throw invalid(`Invalid boolean value: '${text}' for ${name}`);
  return text === 'true';
}

/** The scheme, host and port at which the caller reached us. */
export const originOf = (request: FastifyRequest) => `${request.protocol}://${request.host}`;
