// The discovery document, made of the routes that there are: `bq` learns from it what it may call.
import type { Route } from './route.ts';

/** Google's discovery format, with open schemas: bodies are checked by the routes themselves. */
export function discovery(routes: readonly Route[], host: string): object {
  const resources: Record<string, { methods: Record<string, object> }> = {};
  for (const route of routes) {
    const [resource, method] = route.id.split('.') as [string, string];
    (resources[resource] ??= { methods: {} }).methods[method] = methodOf(route);
  }
  return {
    kind: 'discovery#restDescription',
    discoveryVersion: 'v1',
    id: 'bigquery:v2',
    name: 'bigquery',
    version: 'v2',
    title: 'BigQuery API, as the local cloud serves it',
    protocol: 'rest',
    rootUrl: `http://${host}/`,
    servicePath: 'bigquery/v2/',
    basePath: '/bigquery/v2/',
    baseUrl: `http://${host}/bigquery/v2/`,
    batchPath: 'batch/bigquery/v2',
    parameters: {
      alt: { type: 'string', location: 'query', default: 'json' },
      prettyPrint: { type: 'boolean', location: 'query' },
    },
    schemas: { Any: { id: 'Any', type: 'object', additionalProperties: { type: 'any' } } },
    resources,
  };
}

const UPLOAD = {
  accept: ['*/*'],
  protocols: { simple: { multipart: true, path: '/upload/bigquery/v2/projects/{+projectId}/jobs' } },
};

function methodOf({ id, method, path, query = [] }: Route): object {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
  return {
    id: `bigquery.${id}`,
    httpMethod: method,
    path: path.replaceAll(/\{(\w+)\}/g, '{+$1}'),
    parameterOrder: inPath,
    parameters: {
      ...Object.fromEntries(
        inPath.map((name) => [name, { type: 'string', required: true, location: 'path' }]),
      ),
      ...Object.fromEntries(query.map((name) => [name, { type: 'string', location: 'query' }])),
    },
    ...(method === 'POST' || method === 'PATCH' ? { request: { $ref: 'Any' } } : {}),
    response: { $ref: 'Any' },
    // `bq` names a body of media for every job, though a job from gs:// has none.
    ...(id === 'jobs.insert' ? { supportsMediaUpload: true, mediaUpload: UPLOAD } : {}),
  };
}
