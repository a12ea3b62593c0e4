// The OpenAPI document is valid, has every route, and keeps the linter's rules.
import { createConfig, lintFromString } from '@redocly/openapi-core';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openApiDocument } from '../../../shared/api/openapi.ts';
import { ROUTES } from '../../../shared/api/routes.ts';

test('the document keeps the recommended rules of the linter', async () => {
  const config = await createConfig({ extends: ['recommended-strict'] });
  const problems = await lintFromString({ source: JSON.stringify(openApiDocument()), config });
  assert.deepEqual(
    problems.map(({ ruleId, location }) => `${ruleId} ${location[0]?.pointer}`),
    [
      // A result is a link, and what is open to all refuses no one.
      'operation-2xx-response #/paths/~1pipeline~1job~1{id}~1result/get/responses',
      'operation-4xx-response #/paths/~1health/get/responses',
      'operation-4xx-response #/paths/~1openapi.json/get/responses',
    ],
  );
});

test('the linter finds what is wrong', async () => {
  const config = await createConfig({ extends: ['recommended-strict'] });
  const document = structuredClone(openApiDocument()) as { paths: Record<string, object> };
  document.paths['/pipeline/{run}'] = { get: { responses: { 200: {} } } };
  const problems = await lintFromString({ source: JSON.stringify(document), config });
  assert.ok(problems.some(({ ruleId }) => ruleId === 'struct'));
});

test('every route is an operation, and names the function that serves it', () => {
  const { paths } = openApiDocument() as {
    paths: Record<string, Record<string, { operationId: string; tags: readonly string[] }>>;
  };
  for (const { id, method, path, servedBy } of ROUTES) {
    const operation = paths[path]?.[method.toLowerCase()];
    assert.equal(operation?.operationId, id);
    assert.deepEqual(operation?.tags, servedBy);
  }
});

test('references within the document lead somewhere', () => {
  const document = openApiDocument() as { components: { schemas: Record<string, unknown> } };
  const references = JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g);
  const names = new Set([...references].map(([, name]) => name ?? ''));
  assert.ok(names.has('Job') && names.has('Problem'));
  for (const name of names) assert.ok(name in document.components.schemas, name);
});
