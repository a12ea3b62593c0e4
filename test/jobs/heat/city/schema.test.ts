// The keys that a configuration may have.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allKeys, keysAt } from '../../../../jobs/heat/city/schema.ts';
import { schemaFiles } from '../../../../jobs/heat/schemas/schemas.ts';

test('the keys of a group, and all keys as paths', () => {
  assert.deepEqual(keysAt(['grid']), ['crs', 'resolution_m']);
  assert.deepEqual(keysAt(['city']), []);
  assert.ok(allKeys().includes('output.report.include_maps'));
});

test('the JSON schema of a configuration is of draft 07, and asks only for what has no default', () => {
  const schema = JSON.parse(schemaFiles().get('city.schema.json')!) as Record<string, unknown>;
  assert.equal(schema['$schema'], 'http://json-schema.org/draft-07/schema#');
  assert.deepEqual(schema['required'], ['city', 'period', 'grid', 'extent', 'sources']);
  assert.equal(schema['additionalProperties'], false);
});
