// `sluice models`, `pin` and `unpin`: the registered candidates of a pipeline's models, and who is the champion.
import { exportsBucketOf } from '../../shared/deployment.ts';
import { ConfigurationError } from '../../shared/errors.ts';
import { bigqueryWarehouse } from '../../shared/google/bigquery.ts';
import { gcsStore } from '../../shared/google/storage.ts';
import { isObjects, type PublishedObjects } from '../../shared/outputs/published.ts';
import { objectOutputsOf, type ModelOutput } from '../../shared/pipelines/outputs.ts';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import { loadPipelines, pipelineNamed } from '../../shared/pipelines/registry.ts';
import { readRegister, type Registered } from '../../shared/publications/register.ts';
import { readNewest } from '../../shared/warehouse/ledger.ts';
import { sendCommand, withReason, type CommandOptions } from '../send-command.ts';
import type { Target } from '../target.ts';
import type { Verb } from './verb.ts';

const HELP = `
Newest first: what was measured of each candidate, and of the champion that it was compared with on the same
rows. Numbers of different weeks are not to be compared with one another.

  npm run sluice -- models bikes --count 5
  npm run sluice -- pin bikes --reason "the model of May is wanted for the report"
  npm run sluice -- unpin bikes --reason "the report is out"`;

const modelsOf = (pipeline: Pipeline): readonly ModelOutput[] =>
  objectOutputsOf(pipeline).filter((output): output is ModelOutput => output.kind === 'model');

export const models: Verb = ({ program, on, showRows }) =>
  void program
    .command('models <pipeline>')
    .description('the candidates that a pipeline has trained, and which of them is the champion')
    .option('--count <n>', 'how many of each model', '20')
    .addHelpText('after', HELP)
    .action((name: string, { count }: { readonly count: string }) =>
      on(false, async (target) => {
        const pipeline = pipelineNamed(loadPipelines(), name);
        const rows = await listCandidates(target, pipeline, Number(count));
        showRows(rows, `${name} has registered no candidate`);
      }),
    );

async function listCandidates({ config }: Target, pipeline: Pipeline, count: number) {
  if (!(count >= 1 && count <= 1000)) throw new ConfigurationError('--count: expected 1 to 1000');
  const exports = gcsStore(exportsBucketOf(config.GOOGLE_CLOUD_PROJECT), config);
  const current = (await readNewest(bigqueryWarehouse(config), pipeline))?.outputs.filter(isObjects) ?? [];
  const listed = await Promise.all(
    modelsOf(pipeline).map(async (model) => {
      const champion = current.find(({ output }) => output === model.name);
      const candidates = await readRegister(exports, pipeline.name, model.name, count);
      return candidates.map((candidate) => rowOf(model, candidate, champion));
    }),
  );
  return listed.flat();
}

function rowOf(
  { name, metric }: ModelOutput,
  { run, publication, trainedAt, result }: Registered,
  champion: PublishedObjects | undefined,
) {
  const isChampion = champion?.publication === publication;
  return {
    model: name,
    run,
    recipe: result.recipe,
    [metric]: result.metrics[metric] ?? null,
    "champion's": result.champion?.metrics[metric] ?? null,
    trained: trainedAt,
    is: isChampion ? (champion.pinned ? 'champion, pinned' : 'champion') : 'registered',
  };
}

const pinVerb =
  (verb: 'pin' | 'unpin', text: string): Verb =>
  (sluice) =>
    void withReason(sluice.program.command(`${verb} <pipeline>`))
      .description(text)
      .action((name: string, options: CommandOptions) =>
        sluice.on(true, async (target) => {
          const pipeline = pipelineNamed(loadPipelines(), name);
          const newest = await readNewest(bigqueryWarehouse(target.config), pipeline);
          if (newest === undefined || modelsOf(pipeline).length === 0)
            throw new ConfigurationError(`${name} has published no model; there is nothing to ${verb}`);
          await sendCommand(sluice, target, { verb, pipeline: name, run: newest.run }, options);
        }),
      );

export const pin = pinVerb('pin', 'keep serving the champion, whatever training brings');
export const unpin = pinVerb('unpin', 'let training promote a better candidate again');
