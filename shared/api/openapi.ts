// The OpenAPI 3.1 document of the requests API, made from its routes: zod's JSON schemas are of the same dialect.
import type { z } from 'zod';
import { JsonSchemas, type Json } from './json-schemas.ts';
import { PROBLEMS, problemType, type ProblemName } from './problems.ts';
import { ROUTES, type ApiAnswer, type ApiFunction, type Route } from './routes.ts';
import { problem } from './schemas.ts';

/** What any route may answer. */
const ALWAYS: readonly ProblemName[] = ['internal-error', 'unavailable'];
const WITH_TOKEN: readonly ProblemName[] = ['unauthenticated'];
const WITH_BODY: readonly ProblemName[] = ['body-not-json', 'body-too-long', 'body-type', 'invalid-request'];
const WITH_QUERY: readonly ProblemName[] = ['invalid-request'];

/** `addresses`: of the functions, where they are known. */
export function openApiDocument(addresses: Partial<Readonly<Record<ApiFunction, string>>> = {}): Json {
  const schemas = new JsonSchemas();
  const paths: Record<string, Json> = {};
  for (const route of ROUTES as readonly Route[]) {
    const operations = (paths[route.path] ??= {});
    operations[route.method.toLowerCase()] = operationOf(route, schemas);
  }
  const servers = Object.entries(addresses).map(([name, url]) => ({ url, description: name }));
  return {
    openapi: '3.1.1',
    info: {
      title: 'Requested runs',
      version: '1',
      description:
        'Requests runs of jobs, follows them and fetches their results. Two functions serve it: each operation names its own.',
      license: { name: 'Private', url: 'https://example.org/license' },
    },
    servers: servers.length === 0 ? [{ url: '/' }] : servers,
    tags: [
      { name: 'accept-requests', description: 'Served by the function that writes' },
      { name: 'read-requests', description: 'Served by the function that reads' },
    ],
    security: [{ identityToken: [] }],
    paths,
    components: {
      securitySchemes: {
        identityToken: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'An identity token of Google, or of a user of Identity Platform',
        },
      },
      schemas: schemas.named,
    },
  };
}

function operationOf(route: Route, schemas: JsonSchemas): Json {
  return {
    operationId: route.id,
    summary: route.summary,
    tags: route.servedBy,
    ...(route.isOpen === true ? { security: [] } : {}),
    parameters: parametersOf(route, schemas),
    ...(route.body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: schemas.refer(route.body) } },
          },
        }),
    responses: { ...answersOf(route, schemas), ...problemsOf(route, schemas) },
  };
}

function parametersOf({ path, headers = {}, query }: Route, schemas: JsonSchemas): readonly Json[] {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    ...{ name, in: 'path', required: true, schema: { type: 'string' } },
  }));
  const inHeaders = Object.entries(headers).map(([name, { description, required = false }]) => ({
    ...{ name, in: 'header', required, description, schema: { type: 'string' } },
  }));
  const inQuery = Object.entries(query?.shape ?? {}).map(([name, field]) => {
    const { description = '', ...schema } = schemas.refer(field as z.ZodType);
    return { name, in: 'query', required: false, description, schema };
  });
  return [...inPath, ...inHeaders, ...inQuery];
}

const answersOf = (route: Route, schemas: JsonSchemas): Json =>
  Object.fromEntries(
    Object.entries(route.answers as Readonly<Record<string, ApiAnswer>>).map(([status, answer]) => [
      status,
      {
        description: answer.description,
        ...(answer.headers === undefined ? {} : { headers: headersOf(answer.headers) }),
        ...contentOf(answer, schemas),
      },
    ]),
  );

const headersOf = (headers: Readonly<Record<string, string>>): Json =>
  Object.fromEntries(
    Object.entries(headers).map(([name, description]) => [name, { description, schema: { type: 'string' } }]),
  );

function contentOf({ schema, type }: ApiAnswer, schemas: JsonSchemas): Json {
  if (schema === undefined && type === undefined) return {};
  const shape = schema === undefined ? { type: 'string' } : schemas.refer(schema);
  return { content: { [type ?? 'application/json']: { schema: shape } } };
}

/** One answer for each status, which names the types of its problems. */
function problemsOf(route: Route, schemas: JsonSchemas): Json {
  const names = new Set<ProblemName>([
    ...route.problems,
    ...ALWAYS,
    ...(route.isOpen === true ? [] : WITH_TOKEN),
    ...(route.body === undefined ? [] : WITH_BODY),
    ...(route.query === undefined ? [] : WITH_QUERY),
  ]);
  const byStatus = new Map<number, ProblemName[]>();
  for (const name of names) {
    const { status } = PROBLEMS[name];
    byStatus.set(status, [...(byStatus.get(status) ?? []), name]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, found]) => [
      String(status),
      {
        description: found.map((name) => `${PROBLEMS[name].title} (\`${problemType(name)}\`)`).join('; '),
        content: { 'application/problem+json': { schema: schemas.refer(problem) } },
      },
    ]),
  );
}
