// The names of grants without what is of one pipeline: `bikes-train-bikes-reads-runs` and `carmila-forecast-reads-runs` are the same grant.
import { functionOf } from '../shared/pipelines/services.ts';
import { tablesOf } from '../shared/pipelines/outputs.ts';
import { jobNameOf, type Pipeline } from '../shared/pipelines/pipeline.ts';
import { resourceNameOf } from './identities.ts';
import { samplePlace } from './sample-stack.ts';

/** A part of names, and what stands for it. */
export type OwnPart = readonly [string, string];

export const ownParts = (pipeline: Pipeline): readonly OwnPart[] => [
  [jobNameOf(pipeline), '<job>'],
  [samplePlace(pipeline.name), '<source>'],
  ...tablesOf(pipeline).map(({ table: { dataset } }): OwnPart => [dataset, '<dataset>']),
  ...(pipeline.services ?? []).flatMap((service): OwnPart[] => [
    [functionOf(pipeline, service), '<service>'],
    [resourceNameOf(functionOf(pipeline, service)), '<service>'],
  ]),
  // A dataset may have the pipeline's name.
  [`${pipeline.name}-job`, '<pipeline>-job'],
  [pipeline.name, '<pipeline>'],
];

const MEMBER = /\b(user|group|serviceAccount|domain):\S+?@[a-z0-9-]+(\.[a-z]+)*/;

/** The longest parts first: one may begin with another. */
export const genericName = (name: string, parts: readonly OwnPart[]): string =>
  parts
    .toSorted(([one], [other]) => other.length - one.length)
    .reduce(
      (text, [part, placeholder]) => text.replaceAll(part, placeholder),
      name.replace(MEMBER, '<member>'),
    );
