// Describes what the program deploys, as data: it plans each pipeline with what it needs, so that a stack shows its own.
import { loadFunctions } from '../shared/functions/registry.ts';
import { deployedFunctions } from '../shared/functions/services.ts';
import type { Described, DescribedGrant } from '../shared/functions/described.ts';
import { isRequests, type Pipeline } from '../shared/pipelines/pipeline.ts';
import { loadPipelines } from '../shared/pipelines/registry.ts';
import { addressOf, edgesOf, nodesOf } from './flows.ts';
import { genericName, ownParts } from './generic-names.ts';
import { grantRow, isGrant } from './grant-rows.ts';
import { planResources, type PlannedResource } from './plan.ts';
import { SAMPLE_PEOPLE, SAMPLE_PROJECT, sampleStack } from './sample-stack.ts';

/** By the generic names of grants: the work that fails without it, and the test that takes it away. */
export type TriedGrants = Readonly<Record<string, { readonly work: string; readonly test: string }>>;

type Plan = readonly PlannedResource[];

const planOf = (pipelines: readonly Pipeline[], all: readonly Pipeline[]): Promise<Plan> =>
  planResources({ config: sampleStack(all), functionUrl: addressOf, pipelines });

/** The pipeline, and the one whose input it uses. */
function withNeeded(pipeline: Pipeline, all: readonly Pipeline[]): readonly Pipeline[] {
  const inputOf = isRequests(pipeline) ? pipeline.trigger.inputOf : undefined;
  return all.filter(({ name }) => name === pipeline.name || name === inputOf);
}

export async function describe(
  tried: TriedGrants,
  all: readonly Pipeline[] = [...loadPipelines().values()],
): Promise<Described> {
  const facts: (ReturnType<typeof factsOf> & { readonly of: string })[] = [];
  // One plan at a time in a process.
  for (const pipeline of all) {
    const pipelines = withNeeded(pipeline, all);
    facts.push({ of: pipeline.name, ...factsOf(await planOf(pipelines, all), pipelines, tried) });
  }
  const names = all.map(({ name }) => name);
  const merge = <Fact>(of: (each: (typeof facts)[number]) => readonly Fact[]) =>
    merged(
      facts.map((each) => ({ of: each.of, facts: of(each) })),
      names,
    );
  return {
    nodes: merge(({ nodes }) => nodes),
    edges: merge(({ edges }) => edges),
    grants: merge(({ grants }) => grants).toSorted(byIdentity),
  };
}

function factsOf(plan: Plan, pipelines: readonly Pipeline[], tried: TriedGrants) {
  const functions = deployedFunctions(loadFunctions(), pipelines, true);
  const parts = pipelines.flatMap(ownParts);
  const grants = plan.filter(isGrant).map((member): Omit<DescribedGrant, 'pipelines'> => ({
    // People of the sample stack stand for any.
    name: genericName(member.name, []),
    ...grantRow(member, SAMPLE_PROJECT, SAMPLE_PEOPLE),
    tried: tried[genericName(member.name, parts)] ?? null,
  }));
  return { nodes: nodesOf(plan, pipelines, functions), edges: edgesOf(plan, pipelines, functions), grants };
}

interface Of<Fact> {
  readonly of: string;
  readonly facts: readonly Fact[];
}

/** Each fact once, with the pipelines that bring it; null for what all of them bring. */
function merged<Fact>(lists: readonly Of<Fact>[], names: readonly string[]) {
  const found = new Map<string, { fact: Fact; pipelines: string[] }>();
  for (const { of, facts } of lists)
    for (const fact of facts) {
      const key = JSON.stringify(fact);
      const known = found.get(key) ?? { fact, pipelines: [] };
      if (!known.pipelines.includes(of)) known.pipelines.push(of);
      found.set(key, known);
    }
  return [...found.values()].map(({ fact, pipelines }) => ({
    ...fact,
    pipelines: pipelines.length === names.length ? null : pipelines,
  }));
}

type Row = Pick<DescribedGrant, 'identity' | 'role' | 'on'>;
const byIdentity = (one: Row, other: Row): number => (keyOf(one) < keyOf(other) ? -1 : 1);
const keyOf = ({ identity, role, on }: Row): string => `${identity} ${role} ${on}`;
