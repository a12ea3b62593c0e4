// The JSON schemas (draft-07) of the configuration of a city and of the documents that are made of it.
import { z } from 'zod';
import { indicators, metrics, rasterMetadata, stageManifest } from '../../../models/heat/documents.ts';
import { city } from '../city/city.ts';

const NAMED: Readonly<Record<string, readonly [title: string, schema: z.ZodType]>> = {
  city: ['The configuration of a city, as YAML', city],
  manifest: ['The manifest of a stage', stageManifest],
  raster_metadata: ['A layer of raster_metadata.json', rasterMetadata],
  metrics: ['The errors of the temperatures of a city, metrics.json', metrics],
  indicators: ['The indicators of heat of a city, indicators.json', indicators],
};

/** By the name of the file: what a writer of the document may write. */
export const schemaFiles = (): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(NAMED).map(([name, [title, schema]]) => {
      const { $schema, ...rest } = z.toJSONSchema(schema, { target: 'draft-7', io: 'input' });
      const described = {
        $schema,
        $id: `https://genhack.climate/schemas/${name}.schema.json`,
        title,
        ...rest,
      };
      return [`${name}.schema.json`, `${JSON.stringify(described, undefined, 2)}\n`];
    }),
  );
