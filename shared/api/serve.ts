// Serves the routes of one of the two functions: finds the route, verifies the token, reads the body, answers problems.
import { randomBytes } from 'node:crypto';
import type { z } from 'zod';
import { verifyToken, type Issuer } from '../access/tokens.ts';
import { codeOf, messageOf, PermanentError, TransientError } from '../errors.ts';
import type { Answer, StreamedAnswer, WholeCall } from '../http/call.ts';
import { readJsonBody } from '../http/json-body.ts';
import { pointerOf } from '../http/json-pointer.ts';
import { routerOf } from '../http/router.ts';
import type { Log } from '../logging.ts';
import { callerIn } from '../tracing/headers.ts';
import type { Asked, Handlers } from './asked.ts';
import { corsHeaders, preflight } from './cors.ts';
import { ApiProblem, PROBLEMS, type Place } from './problems.ts';
import { ROUTES, type ApiFunction, type Route } from './routes.ts';

/** The largest request: 100 kB of text in any language, and room. */
export const MOST_BODY_BYTES = 1_000_000;

export interface ServePorts {
  readonly name: ApiFunction;
  readonly handlers: Handlers;
  readonly issuers: readonly Issuer[];
  readonly corsOrigins: ReadonlySet<string>;
  readonly now: () => number;
  readonly log: Log;
}

type Given = Answer | StreamedAnswer;

const match = routerOf<Route>(ROUTES);

/** Never rejects. */
export const serve =
  (ports: ServePorts) =>
  async (call: WholeCall): Promise<Given> => {
    const early = preflight(call, ports.corsOrigins);
    if (early !== undefined) return early;
    const traceId = callerIn(call.headers)?.traceId ?? randomBytes(16).toString('hex');
    const given = await answerOf(call, traceId, ports);
    const cors = corsHeaders(call.headers.origin, ports.corsOrigins);
    return { ...given, headers: { ...given.headers, ...cors } };
  };

async function answerOf(call: WholeCall, traceId: string, ports: ServePorts): Promise<Given> {
  try {
    return await handle(call, traceId, ports);
  } catch (error) {
    const problem = error instanceof ApiProblem ? error : failureOf(error, call, ports.log);
    return problem.answer(traceId);
  }
}

/** The log names the route and the cause, never what was sent. */
function failureOf(error: unknown, { method, path }: WholeCall, log: Log): ApiProblem {
  log.error({ err: error }, `${method.slice(0, 10)} ${path.slice(0, 100)} failed: ${messageOf(error)}`);
  if (error instanceof TransientError)
    return new ApiProblem(
      'unavailable',
      'A service did not answer. The call may or may not have been carried out; the same call again is safe.',
      { members: { code: codeOf(error) }, headers: { 'retry-after': '2' } },
    );
  const code = error instanceof PermanentError ? { code: codeOf(error) } : {};
  return new ApiProblem('internal-error', 'The call failed; the log of the function has the cause.', {
    members: code,
  });
}

async function handle(call: WholeCall, traceId: string, ports: ServePorts): Promise<Given> {
  const { route, params } = routeOf(call, ports.name);
  const handler = ports.handlers[route.id as keyof Handlers];
  if (handler === undefined) throw new TypeError(`${ports.name} has no handler of ${route.id}`);
  const { headers, distinct } = call;
  if (handler.kind === 'open') {
    const asked = { params, headers, distinct, traceId, query: {}, body: undefined };
    return handler.answer(asked);
  }
  const caller = await callerOf(call, ports);
  const checked: Asked = {
    ...{ params, headers, distinct, traceId },
    query: route.query === undefined ? {} : parsed(queryOf(call.query), route.query, 'query'),
    body: route.body === undefined ? undefined : bodyOf(call, route.body),
  };
  return handler.answer({ ...checked, caller });
}

function routeOf(call: WholeCall, name: ApiFunction) {
  const found = match(call.method, call.path);
  if (found.kind === 'no-route')
    throw new ApiProblem(
      'path-not-found',
      `There is no ${call.path.slice(0, 100)}; GET /openapi.json lists what there is.`,
    );
  const serving = (found.kind === 'route' ? [found.route] : found.routes).flatMap((each) => each.servedBy);
  if (!serving.includes(name)) {
    const other = serving[0] ?? name;
    throw new ApiProblem('path-elsewhere', `The function ${other} serves this path; ${name} does not.`, {
      members: { function: other },
    });
  }
  if (found.kind === 'route') return found;
  const allow = found.routes.map(({ method }) => method).join(', ');
  throw new ApiProblem(
    'method-not-allowed',
    `The path does not take ${call.method.slice(0, 20)}; expected ${allow}.`,
    { headers: { allow } },
  );
}

async function callerOf({ distinct }: WholeCall, { issuers, now, log }: ServePorts) {
  const verified = await verifyToken(distinct['authorization'] ?? [], issuers, now);
  if (verified.kind === 'verified') return verified.caller;
  log.debug({ why: verified.why }, 'a call was refused: unauthenticated');
  throw new ApiProblem(
    'unauthenticated',
    'The call was refused: expected a valid identity token for this API in the header Authorization.',
    { headers: { 'www-authenticate': 'Bearer error="invalid_token"' } },
  );
}

const BODY_PROBLEM = {
  'too-long': 'body-too-long',
  encoded: 'body-type',
  'not-json-type': 'body-type',
  absent: 'body-not-json',
  'not-json': 'body-not-json',
} as const;

function bodyOf(call: WholeCall, schema: z.ZodType): unknown {
  const read = readJsonBody(call, MOST_BODY_BYTES, 'a JSON object');
  if (read.kind === 'read') return parsed(read.value, schema, 'body');
  throw new ApiProblem(BODY_PROBLEM[read.why], read.detail, { headers: read.headers });
}

/** A parameter that is there twice is an error like any other: no schema takes a list. */
function queryOf(query: string): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const [name, value] of new URLSearchParams(query))
    found[name] = Object.hasOwn(found, name) ? [found[name], value].flat() : value;
  return found;
}

function parsed(value: unknown, schema: z.ZodType, where: 'body' | 'query'): unknown {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  throw invalidRequest(
    read.error.issues.flatMap((issue) => placesOf(issue, '')),
    where,
  );
}

/** zod names the object that has unknown fields, and not the fields. */
export function placesOf(issue: z.core.$ZodIssue, below: string): readonly Place[] {
  if (issue.code !== 'unrecognized_keys')
    return [{ pointer: pointerOf(issue.path, below), detail: issue.message }];
  return issue.keys.map((key) => ({
    pointer: pointerOf([...issue.path, key.slice(0, 100)], below),
    detail: 'unknown field',
  }));
}

export function invalidRequest(places: readonly Place[], where: 'body' | 'query' = 'body'): ApiProblem {
  const [first] = places;
  const more = places.length > 1 ? ` There are ${places.length} problems.` : '';
  const at = first?.pointer === undefined || first.pointer === '' ? `the ${where}` : first.pointer;
  const errors = where === 'body' ? places : places.map((place) => ({ ...place, in: 'query' }));
  const { title } = PROBLEMS['invalid-request'];
  return new ApiProblem('invalid-request', `${title}: ${at}: ${first?.detail ?? ''}.${more}`, { errors });
}
