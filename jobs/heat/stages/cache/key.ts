// The key of a stage's files: the hash of all that they follow from.
import { createHash } from 'node:crypto';
import type { City } from '../../city/city.ts';
import type { ListedFile } from '../local-files.ts';
import type { Stage, StageName } from '../stage.ts';

/** What `Stage.reads` names must have a result. */
export function keyOf(
  stage: Stage,
  city: City,
  results: ReadonlyMap<StageName, { readonly files: readonly ListedFile[] }>,
): string {
  const files = stage.reads.map((name) => {
    const result = results.get(name);
    if (result === undefined) throw new RangeError(`${stage.name} reads ${name}, which has not run`);
    return [name, result.files.map((file) => [file.name, file.sha256])];
  });
  const settings: unknown = stage.settings(city);
  const all = { stage: stage.name, version: stage.version, city: city.city, settings, files };
  return createHash('sha256').update(JSON.stringify(all)).digest('hex');
}
