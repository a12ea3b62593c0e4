// The registered candidates of a pipeline's models, which of them is the champion, and whether it is pinned.
import { ConfigurationError } from '../../shared/errors.ts';
import { bigqueryWarehouse } from '../../shared/google/bigquery.ts';
import { isObjects, type PublishedObjects } from '../../shared/outputs/published.ts';
import { objectOutputsOf, type ModelOutput } from '../../shared/pipelines/outputs.ts';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import { readCandidate, readRegister, type Registered } from '../../shared/publications/register.ts';
import { readNewest } from '../../shared/warehouse/ledger.ts';
import type { Target } from '../target.ts';
import { DEFAULT_WIDTH, rowsTable } from '../table.ts';
import { localTime, zoneOf } from '../times.ts';
import type { Sluice } from '../verbs/verb.ts';
import { sendCommand, type CommandOptions } from './send-command.ts';
import { exportsOf } from './stores.ts';

const modelsOf = (pipeline: Pipeline): readonly ModelOutput[] =>
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
    Recipe: candidate.recipe,
    Metric: `${candidate.metric} ${candidate.value ?? 'not measured'}`,
    "Champion's": candidate.championsValue ?? '',
    [`Trained (${zoneOf(pipeline)})`]: localTime(pipeline, candidate.trainedAt),
    Is: candidate.isChampion ? (candidate.isPinned ? 'champion, pinned' : 'champion') : 'registered',
  }));
  sluice.showRows(data, rows, `${pipeline.name} has registered no candidate.`);
}

/** The champion of each model, and the recipes of the run that trained it. */
export async function showChampions(sluice: Sluice, target: Target, pipeline: Pipeline): Promise<void> {
  const newest = await readNewest(bigqueryWarehouse(target.config), pipeline);
  const champions = (newest?.outputs ?? []).filter(isObjects).filter(({ kind }) => kind === 'model');
  if (champions.length === 0) throw new ConfigurationError(`${pipeline.name} has published no model`);
  const data = await Promise.all(champions.map((champion) => describe(target, pipeline, champion)));
  sluice.report(data, data.map((champion) => textOf(pipeline, champion)).join('\n\n'));
}

async function describe(target: Target, pipeline: Pipeline, champion: PublishedObjects) {
  const { output, publication, run, pinned, files } = champion;
  const trained = await readCandidate(exportsOf(target), pipeline.name, output, champion);
  const recipes = trained === undefined ? [] : [trained.result, ...(trained.result.others ?? [])];
  return {
    model: output,
    run,
    publication,
    isPinned: pinned,
    trainedAt: trained?.trainedAt ?? null,
    recipes: recipes.map(({ recipe, metrics }) => ({ recipe, metrics })),
    files: files.map(({ name, object, sizeBytes }) => ({ name, object, sizeBytes })),
  };
}

function textOf(pipeline: Pipeline, champion: Awaited<ReturnType<typeof describe>>): string {
  const { model, run, isPinned, trainedAt, recipes, files } = champion;
  const trained =
    trainedAt === null ? '' : `, trained ${localTime(pipeline, trainedAt)} (${zoneOf(pipeline)})`;
  const names = [...new Set(recipes.flatMap(({ metrics }) => Object.keys(metrics)))];
  const width = process.stdout.columns ?? DEFAULT_WIDTH;
  const rows = names.map((name) => ({
    Metric: name,
    ...Object.fromEntries(recipes.map(({ recipe, metrics }) => [recipe, metrics[name] ?? ''])),
  }));
  return [
    `${model}: the champion is of run ${run}${trained}${isPinned ? '; it is pinned' : ''}.`,
    ...(rows.length === 0 ? [] : [rowsTable(rows, width)]),
    ...files.map(({ name, sizeBytes }) => `${name}  ${sizeBytes} bytes`),
  ].join('\n');
}

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

/** Pins what is current, or takes the pin away. */
export async function commandPin(
  sluice: Sluice,
  target: Target,
  pipeline: Pipeline,
  { verb, ...options }: CommandOptions & { readonly verb: 'pin' | 'unpin' },
): Promise<void> {
  const { name } = pipeline;
  const newest = await readNewest(bigqueryWarehouse(target.config), pipeline);
  if (newest === undefined || modelsOf(pipeline).length === 0)
    throw new ConfigurationError(`${name} has published no model; there is nothing to ${verb}`);
  await sendCommand(sluice, target, { verb, pipeline: name, run: newest.run }, options);
}
