// The outlines of OpenStreetMap by layer: read within bounds, and written with nothing but their geometry.
import type { Coded } from '../../../../models/heat/documents.ts';
import { readGeoJson } from '../../formats/geojson/read-geojson.ts';
import type { Geometry } from '../../formats/geojson/geometry.ts';
import { UnusableFile } from '../../formats/unusable.ts';
import { layerNamed, layerOfUse, LAYERS, type Layer } from '../../ground/layers.ts';
import { outlinesFile } from '../../ground/outlines-file.ts';
import type { RawFile } from '../../input/raw-files.ts';
import { coded } from '../../texts/coded.ts';
import type { Ingested } from './weather.ts';

export function outlineFiles(raw: readonly RawFile[]): Ingested {
  const layers = new Map<Layer, Geometry[]>();
  const notes: Coded[] = [];
  for (const file of raw) {
    const named = layerNamed(file.name);
    if (named === undefined)
      throw new UnusableFile({
        file: file.name,
        found: 'a name without a layer',
        expected: `a name that ends with ${LAYERS.join(', ')} or landuse`,
      });
    const { features, emptyCount, crossingCount, firstCrossing } = readGeoJson(file);
    if (emptyCount > 0)
      notes.push(coded('features-without-geometry', { file: file.name, count: emptyCount }));
    if (crossingCount > 0)
      notes.push(
        coded('outlines-cross', { file: file.name, count: crossingCount, first: firstCrossing ?? '' }),
      );
    for (const { geometries, properties } of features) {
      const layer = named === 'landuse' ? layerOfUse(properties) : named;
      if (layer !== undefined) addTo(layers, layer, geometries);
    }
    // A layer that is known to be empty is not the same as one that is not known.
    if (named !== 'landuse' && !layers.has(named)) layers.set(named, []);
  }
  const files = [...layers].map(([layer, geometries]) => outlinesFile(layer, geometries));
  return { files, notes };
}

function addTo(layers: Map<Layer, Geometry[]>, layer: Layer, geometries: readonly Geometry[]): void {
  const known = layers.get(layer) ?? [];
  layers.set(layer, known);
  for (const geometry of geometries) known.push(geometry);
}
