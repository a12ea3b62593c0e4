// The JSON schema of a configuration: `city.schema.json` is what the Zod schema says.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { allKeys, citySchema, keysAt } from '../../../../jobs/heat/city/schema.ts';

const FILE = new URL('../../../../jobs/heat/city/city.schema.json', import.meta.url);

test('city.schema.json is the schema that the job checks by', () => {
  const text = `${JSON.stringify(citySchema(), undefined, 2)}\n`;
  assert.deepEqual(
    JSON.parse(readFileSync(FILE, 'utf8')),
    JSON.parse(text),
    `write this to jobs/heat/city/city.schema.json:\n${text}`,
  );
});

test('it is of draft 07, and asks only for what has no default', () => {
  const schema = citySchema();
  assert.equal(schema['$schema'], 'http://json-schema.org/draft-07/schema#');
  assert.deepEqual(schema['required'], ['city', 'period', 'grid', 'extent', 'sources']);
  assert.equal(schema['additionalProperties'], false);
  assert.deepEqual(keysAt(['grid']), ['crs', 'resolution_m']);
  assert.ok(allKeys().includes('output.report.include_maps'));
});
