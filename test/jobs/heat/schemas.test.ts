// The JSON schemas follow from the checks of the job, so what one refuses the other refuses as well.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { schemaFiles } from '../../../jobs/heat/schemas/schemas.ts';
import { city } from '../../../jobs/heat/city/city.ts';

interface Schema {
  readonly $schema: string;
  readonly $id: string;
  readonly required: readonly string[];
  readonly properties: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: unknown;
}

const schemaOf = (name: string): Schema => JSON.parse(schemaFiles().get(`${name}.schema.json`)!) as Schema;

test('each document has a schema of draft-07 with the id that the older system gave it', () => {
  const names = [...schemaFiles().keys()];
  assert.deepEqual(names.toSorted(), [
    ...['city.schema.json', 'indicators.schema.json', 'manifest.schema.json', 'metrics.schema.json'],
    'raster_metadata.schema.json',
  ]);
  for (const name of names) {
    const schema = schemaOf(name.replace('.schema.json', ''));
    assert.equal(schema.$schema, 'http://json-schema.org/draft-07/schema#');
    assert.equal(schema.$id, `https://genhack.climate/schemas/${name}`);
  }
});

test('the schema of a configuration has every key, and no other one', () => {
  const schema = schemaOf('city');
  assert.deepEqual(Object.keys(schema.properties).toSorted(), Object.keys(city.shape).toSorted());
  assert.equal(schema.additionalProperties, false);
  // What has a default may be left out.
  assert.deepEqual(schema.required.toSorted(), ['city', 'extent', 'grid', 'period', 'sources']);
});

test('the manifest knows every stage, the report too, which the older one left out', () => {
  const { enum: stages } = schemaOf('manifest').properties['stage'] as unknown as { enum: string[] };
  assert.equal(stages.at(-1), 'report');
  assert.equal(stages.length, 8);
});
