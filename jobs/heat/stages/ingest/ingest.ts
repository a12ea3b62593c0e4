// Stage 1: the raw files of a city, read and checked, in the forms of the later stages.
import type { Coded } from '../../../../models/heat/documents.ts';
import type { RawFile } from '../../input/raw-files.ts';
import { jsonStageFile } from '../files.ts';
import type { Stage } from '../stage.ts';
import { outlineFiles } from './outlines.ts';
import { allFiles, rawOf } from './raw-of.ts';
import { sceneFiles } from './scenes.ts';
import { stationFile } from './stations.ts';
import { weatherFiles } from './weather.ts';

/** What the files of the stage are made of, for the report. */
export interface IngestNotes {
  readonly files: readonly string[];
  readonly notes: readonly Coded[];
}

export const ingest = (raw: readonly RawFile[]): Stage => ({
  name: 'ingest',
  version: 3,
  reads: [],
  settings: (city) => {
    const { sources, variables, extent, period } = city;
    const files = Object.entries(rawOf(city, raw)).map(([source, own]) => [
      source,
      (own as readonly RawFile[]).map(({ name, sha256 }) => [name, sha256]),
    ]);
    return { sources, variables, extent: extent.bbox_wgs84, period, files };
  },
  run: async ({ city, progress }) => {
    const files = allFiles(city, raw);
    progress(0.2, 'ingest: weather');
    const weather = await weatherFiles(city, files);
    progress(0.6, 'ingest: bands');
    const scenes = await sceneFiles(city, files.sentinel2);
    progress(0.8, 'ingest: outlines and stations');
    const parts = [weather, scenes, outlineFiles(files.osm), stationFile(city, files.stations)];
    const notes: IngestNotes = {
      files: Object.values(files).flatMap((own: readonly RawFile[]) => own.map(({ name }) => name)),
      notes: parts.flatMap((part) => part.notes),
    };
    return [...parts.flatMap((part) => part.files), jsonStageFile('notes.json', notes)];
  },
});
