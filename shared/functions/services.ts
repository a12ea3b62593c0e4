// Functions as a stack has them: most are deployed once, and a source of services once for each service of a pipeline.
import { takesRequests, type Pipeline } from '../pipelines/pipeline.ts';
import { functionOf, type ServiceSpec } from '../pipelines/services.ts';
import {
  defineFunction,
  isForPeople,
  isOpen,
  type FunctionDeclaration,
  type Variables,
} from './declaration.ts';
import type { Functions } from './registry.ts';
import { FOLLOWS_MODEL, type FollowsModelRight } from './rights.ts';

type ServiceDeclaration<Own extends Variables> = FunctionDeclaration<readonly [FollowsModelRight], Own>;

/**
 * Declares a source that each service of a pipeline deploys under a name, an account and an address of its own. It
 * reads what its pipeline publishes and changes nothing; its callers are those that the stack names for the pipeline.
 */
export const defineService = <const Own extends Variables = Record<never, never>>(
  declared: Pick<FunctionDeclaration, 'name' | 'purpose' | 'size'> & {
    readonly variables?: Own;
    readonly runsAs?: FunctionDeclaration['runsAs'];
  },
): ServiceDeclaration<Own> =>
  defineFunction({ ...declared, calledBy: [{ kind: 'service-callers' }], rights: [FOLLOWS_MODEL] });

/** Which service a function is. */
export interface Served {
  readonly pipeline: string;
  readonly service: string;
  readonly model: string;
}

/** A function under the name that it is deployed with. */
export interface DeployedFunction extends FunctionDeclaration {
  /** The folder under `functions/`, and the name by which its source registers with the framework. */
  readonly source: string;
  /** Undefined for a function that is deployed once. */
  readonly serves: Served | undefined;
}
export type DeployedFunctions = ReadonlyMap<string, DeployedFunction>;

/** Whether the source is deployed for each service that names it, and not once. */
const isForServices = ({ rights }: FunctionDeclaration): boolean =>
  rights.some(({ kind }) => kind === 'follows-model');

/**
 * The functions of a stack that has these pipelines. One that is open to the internet is left out while no pipeline takes
 * requests, and one for people while the stack names none (`hasPeople`). Throws a `TypeError` that names every service without a source of
 * services, or with the name of another function.
 */
export function deployedFunctions(
  declared: Functions,
  pipelines: readonly Pipeline[],
  hasPeople = false,
): DeployedFunctions {
  const sources = new Map([...declared].filter(([, declaration]) => isForServices(declaration)));
  const services = pipelines.flatMap((pipeline) =>
    (pipeline.services ?? []).map((service) => deploymentOf(pipeline, service)),
  );
  const problems = services.flatMap((service) => [
    ...wrongSource(service, sources),
    ...(declared.has(service.name) ? [`the service ${service.name} has the name of a function`] : []),
  ]);
  if (problems.length > 0) throw new TypeError(`a service is wrong: ${problems.join('; ')}`);
  const isLeftOut = (declaration: FunctionDeclaration) =>
    (isOpen(declaration) && !takesRequests(pipelines)) || (isForPeople(declaration) && !hasPeople);
  const kept = [...declared.values()].filter((declaration) => !isLeftOut(declaration));
  const deployed = kept.flatMap((declaration): readonly DeployedFunction[] =>
    sources.has(declaration.name)
      ? services
          .filter(({ source }) => source === declaration.name)
          .map((service) => ({ ...declaration, ...service }))
      : [{ ...declaration, source: declaration.name, serves: undefined }],
  );
  return new Map(deployed.map((each) => [each.name, each]));
}

const deploymentOf = (pipeline: Pipeline, service: ServiceSpec) => ({
  name: functionOf(pipeline, service),
  source: service.source,
  serves: { pipeline: pipeline.name, service: service.name, model: service.follows },
});

function wrongSource(
  { name, source }: ReturnType<typeof deploymentOf>,
  sources: Functions,
): readonly string[] {
  if (sources.has(source)) return [];
  const expected = sources.size === 0 ? 'one, and there is none' : `one of ${[...sources.keys()].join(', ')}`;
  return [
    `the service ${name} has the source "${source}", which no folder of functions/ declares by defineService: ` +
      `expected ${expected}`,
  ];
}
