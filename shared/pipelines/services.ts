// The services of a pipeline: each answers HTTP from a model that the pipeline publishes.
import { isAccountTaken, LONGEST_FUNCTION_NAME } from './accounts.ts';
import { repeated } from './names.ts';
import { objectOutputsOf, type Output } from './outputs.ts';
import { fromEnv } from './setting.ts';

/** One deployment of a function's source, with an address, an identity and rights of its own. */
export interface ServiceSpec {
  /** Behind the pipeline's name and a dash it names the function: `bikes-reg`. */
  readonly name: string;
  /** The folder under `functions/`, declared by `defineService`. Several services may share one. */
  readonly source: string;
  /** The name of the pipeline's model whose pointer the service follows. */
  readonly follows: string;
}

interface HasServices {
  readonly name: string;
  readonly outputs: readonly Output[];
  readonly services?: readonly ServiceSpec[];
}

/** Who may call the services of a pipeline: members in the stack's `<pipeline>:callers`; none by default. */
export const CALLERS = fromEnv('CALLERS', '');

/** The function that a service is deployed as. */
export const functionOf = (pipeline: { readonly name: string }, service: ServiceSpec): string =>
  `${pipeline.name}-${service.name}`;

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** What is wrong with a pipeline's services, each problem naming what was found and what is accepted. */
export function wrongServices(pipeline: HasServices): readonly string[] {
  const { services = [] } = pipeline;
  return [
    ...services.flatMap((service) => [...wrongName(pipeline, service), ...wrongModel(pipeline, service)]),
    ...repeated(services.map(({ name }) => name)).map((name) => `two services are named "${name}"`),
  ];
}

function wrongName(pipeline: HasServices, service: ServiceSpec): readonly string[] {
  const { name } = service;
  const deployed = functionOf(pipeline, service);
  return [
    ...(NAME.test(name) ? [] : [`the service's name "${name}": expected ${NAME}`]),
    ...(deployed.length <= LONGEST_FUNCTION_NAME
      ? []
      : [
          `the service "${name}" would be the function ${deployed}: expected at most ${LONGEST_FUNCTION_NAME} characters`,
        ]),
    ...(isAccountTaken(deployed)
      ? [`the service "${name}" would have the account of another: expected another name`]
      : []),
  ];
}

function wrongModel(pipeline: HasServices, { name, follows }: ServiceSpec): readonly string[] {
  const objects = objectOutputsOf(pipeline);
  const models = objects.filter(({ kind }) => kind === 'model').map((model) => model.name);
  if (models.includes(follows)) return [];
  const found = objects.some((output) => output.name === follows)
    ? 'which is no model'
    : 'which the pipeline does not publish';
  const expected =
    models.length === 0 ? 'a model, and the pipeline publishes none' : `one of ${models.join(', ')}`;
  return [`the service "${name}" follows "${follows}", ${found}: expected ${expected}`];
}
