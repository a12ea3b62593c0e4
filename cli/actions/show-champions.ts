// The champion of each model: since when and how it is current, its recipes and files, and the versions before it.
import { ConfigurationError } from '../../shared/errors.ts';
import { bigqueryWarehouse } from '../../shared/google/bigquery.ts';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import { readCandidate } from '../../shared/publications/register.ts';
import { versionsOf, type Version } from '../../shared/publications/versions.ts';
import { readEntries } from '../../shared/warehouse/ledger-entries.ts';
import type { Target } from '../target.ts';
import { DEFAULT_WIDTH, rowsTable } from '../table.ts';
import { localTime, zoneOf } from '../times.ts';
import type { Sluice } from '../verbs/verb.ts';
import { modelsOf, rounded, shortened } from './models.ts';
import { exportsOf } from './stores.ts';

// More are in --json.
const MOST_SHOWN = 10;

export async function showChampions(sluice: Sluice, target: Target, pipeline: Pipeline): Promise<void> {
  const entries = await readEntries(bigqueryWarehouse(target.config), pipeline);
  const histories = modelsOf(pipeline).map(({ name }) => versionsOf(entries, name));
  const described = await Promise.all(histories.map((versions) => describe(target, pipeline, versions)));
  const data = described.filter((champion) => champion !== undefined);
  if (data.length === 0) throw new ConfigurationError(`${pipeline.name} has published no model`);
  sluice.report(data, data.map((champion) => textOf(pipeline, champion)).join('\n\n'));
}

async function describe(target: Target, pipeline: Pipeline, versions: readonly Version[]) {
  const champion = versions.at(-1);
  if (champion === undefined) return undefined;
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
    versions: versions.toReversed().map((version) => ({
      ordinal: version.ordinal,
      publication: version.publication,
      run: version.run,
      since: new Date(version.sinceMs).toISOString(),
      madeBy: version.madeBy,
    })),
  };
}

type Champion = NonNullable<Awaited<ReturnType<typeof describe>>>;

function textOf(pipeline: Pipeline, champion: Champion): string {
  const { model, run, isPinned, trainedAt, recipes, files, versions } = champion;
  const trained =
    trainedAt === null ? '' : `, trained ${localTime(pipeline, trainedAt)} (${zoneOf(pipeline)})`;
  const width = process.stdout.columns ?? DEFAULT_WIDTH;
  const metrics = metricRows(recipes);
  return [
    `${model}: the champion is of run ${run}${trained}${isPinned ? '; it is pinned' : ''}.`,
    ...(metrics.length === 0 ? [] : [rowsTable(metrics, width)]),
    ...recipes.map(({ recipe }, index) => `${index + 1}. ${recipe}`),
    ...files.map(({ name, sizeBytes }) => `${name}  ${sizeBytes} bytes`),
    `Versions of ${model} that were current, newest first:`,
    rowsTable(
      versions.slice(0, MOST_SHOWN).map((version) => versionRow(pipeline, version)),
      width,
    ),
  ].join('\n');
}

const metricRows = (recipes: Champion['recipes']) =>
  [...new Set(recipes.flatMap(({ metrics }) => Object.keys(metrics)))].map((name) => ({
    Metric: name,
    ...Object.fromEntries(
      recipes.map(({ recipe, metrics: { [name]: value } }, index) => [
        `${index + 1}. ${shortened(recipe)}`,
        value === undefined ? '' : rounded(value),
      ]),
    ),
  }));

/** How a version became current, by the kind of its entry. */
const MADE_BY: Readonly<Record<string, string>> = {
  run: 'a training',
  replay: 'a replay',
  rollback: 'a rollback',
};

const versionRow = (pipeline: Pipeline, { ordinal, run, since, madeBy }: Champion['versions'][number]) => ({
  Ordinal: ordinal,
  [`Current since (${zoneOf(pipeline)})`]: localTime(pipeline, since),
  By: MADE_BY[madeBy] ?? madeBy,
  Run: run,
});
