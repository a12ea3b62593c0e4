// The registered candidates of a pipeline's models, which of them is the champion, and whether it is pinned.
import { bigqueryWarehouse } from '../../shared/google/bigquery.ts';
import { isObjects, type PublishedObjects } from '../../shared/outputs/published.ts';
import { objectOutputsOf, type ModelOutput } from '../../shared/pipelines/outputs.ts';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import { readRegister, type Registered } from '../../shared/publications/register.ts';
import { readNewest } from '../../shared/warehouse/ledger.ts';
import type { Target } from '../target.ts';
import { localTime, zoneOf } from '../times.ts';
import type { Sluice } from '../verbs/verb.ts';
import { exportsOf } from './stores.ts';

export const modelsOf = (pipeline: Pipeline): readonly ModelOutput[] =>
  objectOutputsOf(pipeline).filter((output): output is ModelOutput => output.kind === 'model');

export async function showModels(
  sluice: Sluice,
  target: Target,
  pipeline: Pipeline,
  count: number,
): Promise<void> {
  const data = await listCandidates(target, pipeline, count);
  const rows = data.map((candidate) => ({
    Model: candidate.model,
    Run: candidate.run,
    Recipe: shortened(candidate.recipe),
    Metric: `${candidate.metric} ${candidate.value === null ? 'not measured' : rounded(candidate.value)}`,
    "Champion's": candidate.championsValue === null ? '' : rounded(candidate.championsValue),
    [`Trained (${zoneOf(pipeline)})`]: localTime(pipeline, candidate.trainedAt),
    Is: candidate.isChampion ? (candidate.isPinned ? 'champion, pinned' : 'champion') : 'registered',
  }));
  sluice.showRows(data, rows, `${pipeline.name} has registered no candidate.`);
}

// --json has every digit, and the whole recipe.
export const rounded = (value: number): number => Number(value.toPrecision(4));
const LONGEST_RECIPE = 24;
export const shortened = (recipe: string): string =>
  recipe.length > LONGEST_RECIPE ? `${recipe.slice(0, LONGEST_RECIPE)}…` : recipe;

async function listCandidates(target: Target, pipeline: Pipeline, count: number) {
  const newest = await readNewest(bigqueryWarehouse(target.config), pipeline);
  const current = newest?.outputs.filter(isObjects) ?? [];
  const listed = await Promise.all(
    modelsOf(pipeline).map(async (model) => {
      const champion = current.find(({ output }) => output === model.name);
      const candidates = await readRegister(exportsOf(target), pipeline.name, model.name, count);
      return candidates.map((candidate) => dataOf(model, candidate, champion));
    }),
  );
  return listed.flat();
}

function dataOf(
  { name, metric }: ModelOutput,
  { run, publication, trainedAt, result }: Registered,
  champion: PublishedObjects | undefined,
) {
  const isChampion = champion?.publication === publication;
  return {
    model: name,
    run,
    publication,
    recipe: result.recipe,
    metric,
    value: result.metrics[metric] ?? null,
    championsValue: result.champion?.metrics[metric] ?? null,
    metrics: result.metrics,
    trainedAt,
    isChampion,
    isPinned: isChampion && champion.pinned === true,
  };
}
