// What a run of a city would do, without doing it: which stages are in the cache, and which would run.
import { join } from 'node:path';
import type { City } from '../city/city.ts';
import { keyOf } from './cache/key.ts';
import type { StageCache } from './cache/stage-cache.ts';
import { LocalFiles, type StageResult } from './local-files.ts';
import type { Stage, StageName } from './stage.ts';

export interface PlannedStage {
  readonly stage: StageName;
  /** A stage whose inputs would be made again has no key yet, and counts as one that would run. */
  readonly from: 'cache' | 'run';
}

export async function planStages(
  cache: StageCache,
  folder: string,
  city: City,
  stages: readonly Stage[],
): Promise<readonly PlannedStage[]> {
  const results = new Map<StageName, StageResult>();
  const planned: PlannedStage[] = [];
  for (const stage of stages) {
    const isKnown = stage.reads.every((name) => results.has(name));
    const found = isKnown
      ? await cache.find(
          { city: city.city, stage: stage.name, key: keyOf(stage, city, results) },
          new LocalFiles(join(folder, 'planned', city.city, stage.name)),
        )
      : { kind: 'miss' as const };
    if (found.kind === 'hit') results.set(stage.name, found.result);
    planned.push({ stage: stage.name, from: found.kind === 'hit' ? 'cache' : 'run' });
  }
  return planned;
}

/** `ingest and preprocess from the cache; train, … would run` */
export function shownPlan(planned: readonly PlannedStage[]): string {
  const listed = (from: PlannedStage['from']) =>
    planned
      .filter((each) => each.from === from)
      .map(({ stage }) => stage)
      .join(', ') || 'none';
  return `from the cache: ${listed('cache')}; would run: ${listed('run')}`;
}
