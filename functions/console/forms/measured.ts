// What is read beside the versions of a model, so that a person can choose one: when each was trained, and how good it was.
import { concurrently } from '../../../shared/concurrently.ts';
import { objectOutputsOf } from '../../../shared/pipelines/outputs.ts';
import type { Pipeline } from '../../../shared/pipelines/pipeline.ts';
import { readCandidateOf } from '../../../shared/publications/register.ts';
import type { Ports } from '../ports.ts';
import type { Measured, ModelsStand, Subject, VersionToChoose } from './about.ts';

const AT_ONCE = 10;

/** For the page alone: a form that is sent needs none of it. */
export async function withMeasurements(
  subject: Subject,
  pipeline: Pipeline,
  { exports }: Pick<Ports, 'exports'>,
): Promise<Subject> {
  const { models } = subject;
  const [model] = models?.current ?? [];
  if (models === undefined || model === undefined || models.versions.length === 0) return subject;
  const measured = (version: VersionToChoose) => measuredOf(version, model.model, pipeline, exports);
  const versions = await concurrently(models.versions, AT_ONCE, async (version) => ({
    ...version,
    measured: await measured(version),
  }));
  return { ...subject, models: { ...models, versions } satisfies ModelsStand };
}

async function measuredOf(
  { publication, attempt }: VersionToChoose,
  model: string,
  pipeline: Pipeline,
  exports: Ports['exports'],
): Promise<Measured | null> {
  const key = { pipeline: pipeline.name, publication, attempt };
  const output = objectOutputsOf(pipeline).find(({ name }) => name === model);
  const candidate = await readCandidateOf(exports, key, model);
  if (candidate === undefined || output?.kind !== 'model') return null;
  const { trainedAt, result } = candidate;
  const { metric } = output;
  return {
    ...{ trainedAt, metric, metrics: result.metrics },
    value: result.metrics[metric] ?? null,
    championsValue: result.champion?.metrics[metric] ?? null,
  };
}
