// Runs one stage alone, over files that a test gives it.
import { city as citySchema, type City } from '../../../../jobs/heat/city/city.ts';
import type { RawFile } from '../../../../jobs/heat/input/raw-files.ts';
import type { InputFile } from '../../../../jobs/heat/formats/opened-file.ts';
import { byName, sha256Of } from '../../../../jobs/heat/stages/local-files.ts';
import { rasterIn } from '../../../../jobs/heat/stages/files.ts';
import { seriesIn } from '../../../../jobs/heat/stages/series-file.ts';
import type { Stage, StageFile, StageName } from '../../../../jobs/heat/stages/stage.ts';
import { readFileSync } from 'node:fs';

/** Frozen: a stage that extends a list of the configuration would do other work at its next run. */
export const cityOf = (more: Record<string, unknown> = {}): City =>
  deepFrozen(
    citySchema.parse({
      city: 'test',
      period: { start: '2025-06-21', end: '2025-06-22' },
      grid: { crs: 'EPSG:3857', resolution_m: 200 },
      extent: { bbox_wgs84: [2.3, 48.8, 2.4, 48.9] },
      sources: { era5: {} },
      ...more,
    }),
  );

export function deepFrozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  Object.values(value).forEach(deepFrozen);
  return Object.freeze(value);
}

/** A file of the bucket under this name. */
export function rawFile({ path }: Pick<InputFile, 'path'>, name: string): RawFile {
  const bytes = readFileSync(path);
  return { role: 'raw', name, path, sizeBytes: bytes.length, sha256: sha256Of(bytes) };
}

export type Made = Readonly<Partial<Record<StageName, readonly StageFile[]>>>;

export async function runStage(stage: Stage, city: City, made: Made = {}): Promise<readonly StageFile[]> {
  const filesOf = (name: StageName) => [...(made[name] ?? [])].sort(byName);
  return stage.run({
    city,
    frozenAt: '2025-07-01T00:00:00Z',
    progress: () => {},
    inputs: {
      names: (name) => filesOf(name).map((file) => file.name),
      read: async (name, file) => {
        const found = filesOf(name).find((each) => each.name === file);
        if (found === undefined) throw new Error(`${name} made no ${file}`);
        return found.bytes;
      },
    },
  });
}

export const fileNamed = (files: readonly StageFile[], name: string): Buffer => {
  const found = files.find((file) => file.name === name);
  if (found === undefined) throw new Error(`no ${name} among ${files.map((file) => file.name).join(', ')}`);
  return found.bytes;
};

export const seriesNamed = (files: readonly StageFile[], name: string) => seriesIn(fileNamed(files, name));
export const rasterNamed = (files: readonly StageFile[], name: string) =>
  rasterIn(name, fileNamed(files, name));
export const jsonNamed = (files: readonly StageFile[], name: string): Record<string, unknown> =>
  JSON.parse(fileNamed(files, name).toString('utf8')) as Record<string, unknown>;
