// The files of a city that are published, by the names that readers know, and from which stage each comes.
import type { FileToWrite } from '../../../shared/attempts/write-files.ts';
import type { CityResult } from '../stages/run-stages.ts';
import type { StageName } from '../stages/stage.ts';

/** Which files of a stage are published. Those of `publish` and `report` have the city in their names already. */
const PUBLISHED: Readonly<Partial<Record<StageName, RegExp>>> = {
  preprocess: /^raster_metadata\.json$/,
  features: /^features_metadata\.json$/,
  train: /^(experiment\.json|checkpoint-.+)$/,
  evaluate: /^(metrics\.json|error\.tif)$/,
  indicators: /^(indicators\.json|[a-z-]+\.tif)$/,
  publish: /./,
  report: /./,
};

export async function publishedFiles({ city, results }: CityResult): Promise<readonly FileToWrite[]> {
  const written: FileToWrite[] = [];
  for (const [stage, pattern] of Object.entries(PUBLISHED) as [StageName, RegExp][]) {
    const result = results.get(stage);
    for (const { name, type } of result?.files ?? []) {
      if (!pattern.test(name)) continue;
      const content = await result!.open(name);
      written.push({ name: publishedName(city.city, name), type, content });
    }
  }
  return written;
}

const publishedName = (city: string, name: string): string =>
  name.startsWith(`${city}_`) || name.startsWith(`${city}.`) ? name : `${city}_${name}`;
