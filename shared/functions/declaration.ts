// The declaration of a function in its `function.ts`: one typed value from which infra, walls and tests follow.
import type { z } from 'zod';
import { cloudVariables, readConfig, type Env } from '../config.ts';
import { LONGEST_FUNCTION_NAME } from '../pipelines/accounts.ts';
import { deployedVariable } from '../pipelines/deployed.ts';
import { repeated } from '../pipelines/names.ts';
import { requestsOf, type Pipeline } from '../pipelines/pipeline.ts';
import { requesterVariables } from '../pipelines/requesters.ts';
import { sourceVariables } from '../pipelines/source-settings.ts';
import type { Adapters, Process } from './adapters.ts';
import { nameOfCaller, type Caller } from './callers.ts';
import { nameOfRight, type Right } from './rights.ts';
import { wrongSize, type Size } from './size.ts';
import type { Variable } from './variables.ts';

export type Variables = Readonly<Record<string, Variable<z.ZodType>>>;

export interface FunctionDeclaration<
  Rights extends readonly Right[] = readonly Right[],
  Own extends Variables = Variables,
> {
  /**
   * The folder's name. With `sluice-` before it, the name of its account, for which Google allows 30 characters; a
   * source of services (`defineService`) has an account for each.
   */
  readonly name: string;
  /** What its account is for, shown in Google's console. */
  readonly purpose: string;
  readonly calledBy: readonly Caller[];
  readonly rights: Rights;
  /** Variables that no right implies. */
  readonly variables: Own;
  readonly size: Size;
  /** A Cloud Run service has features that functions lack, such as IAP; its source is the same bundle. */
  readonly runsAs: 'function' | 'service';
}

type Declared<Rights extends readonly Right[], Own extends Variables> = Omit<
  FunctionDeclaration<Rights, Own>,
  'variables' | 'runsAs'
> & { readonly variables?: Own; readonly runsAs?: 'function' | 'service' };

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const LONGEST_PURPOSE = 100;
const VARIABLE = /^[A-Z][A-Z0-9_]*$/;
const CALLER_NAME = /^[a-z][a-z0-9-]{0,62}$/;
const TOPIC = /^[a-z][a-z0-9-]{2,59}$/;

/** Checks what types cannot. Throws a `TypeError` that names every problem of the declaration. */
export function defineFunction<
  const Rights extends readonly Right[],
  const Own extends Variables = Record<never, never>,
>(declared: Declared<Rights, Own>): FunctionDeclaration<Rights, Own> {
  const declaration = { variables: {} as Own, runsAs: 'function' as const, ...declared };
  const problems = [
    ...wrongNames(declaration),
    ...wrongRights(declaration),
    ...wrongOpening(declaration),
    ...wrongSize(declared.size),
  ];
  if (problems.length > 0)
    throw new TypeError(`the function "${declared.name}" is wrong: ${problems.join('; ')}`);
  return declaration;
}

function wrongNames({ name, purpose, calledBy }: FunctionDeclaration): readonly string[] {
  const names = calledBy.flatMap((caller) => {
    if (caller.kind === 'pipeline-schedules') return [caller.prefix];
    return 'name' in caller ? [caller.name] : [];
  });
  return [
    ...(NAME.test(name) && name.length <= LONGEST_FUNCTION_NAME
      ? []
      : [`name "${name}": expected ${NAME} with at most ${LONGEST_FUNCTION_NAME} characters`]),
    ...(purpose !== '' && purpose.length <= LONGEST_PURPOSE
      ? []
      : [`purpose of ${purpose.length} characters: expected 1 to ${LONGEST_PURPOSE}`]),
    ...(calledBy.length > 0 ? [] : ['calledBy is empty: expected at least one caller']),
    ...repeated(calledBy.map(nameOfCaller)).map((caller) => `calledBy names ${caller} twice`),
    ...names.filter((each) => !CALLER_NAME.test(each)).map((each) => `"${each}": expected ${CALLER_NAME}`),
  ];
}

/** Cloud Run's own check of callers is off for such a function, passes everyone, or is Identity-Aware Proxy's. */
function wrongOpening(declaration: FunctionDeclaration): readonly string[] {
  if (!isOpen(declaration) && !isForPeople(declaration)) return [];
  const { calledBy, runsAs } = declaration;
  const caller = isOpen(declaration) ? 'internet' : 'people';
  return [
    ...(calledBy.length === 1 ? [] : [`calledBy ${caller}: expected no other caller`]),
    // Only on a service can the program switch the check of the invoker off, or Identity-Aware Proxy on.
    ...(runsAs === 'service' ? [] : [`calledBy ${caller}: expected runsAs 'service'`]),
  ];
}

function wrongRights({ rights, variables, calledBy }: FunctionDeclaration): readonly string[] {
  const topics = [...calledBy, ...rights].flatMap((each) => ('topic' in each ? [each.topic] : []));
  const own = Object.keys(variables);
  const given = new Set([
    ...Object.keys(cloudVariables),
    ...rights.flatMap((right) => Object.keys(right.variables)),
  ]);
  return [
    ...repeated(rights.map(nameOfRight)).map((right) => `rights names ${right} twice`),
    ...[...new Set(topics)]
      .filter((each) => !TOPIC.test(each))
      .map((each) => `topic "${each}": expected ${TOPIC}`),
    ...own.filter((each) => !VARIABLE.test(each)).map((each) => `variable "${each}": expected ${VARIABLE}`),
    ...own.filter((each) => given.has(each)).map((each) => `variable ${each}: a right implies it already`),
  ];
}

type Intersection<Union> = (Union extends unknown ? (each: Union) => void : never) extends (
  all: infer All,
) => void
  ? All
  : never;
type ShapeOf<Rights extends readonly Right[], Own extends Variables> = typeof cloudVariables &
  Intersection<Rights[number]['variables']> & { [Name in keyof Own]: Own[Name]['form'] };

/** The function's configuration, typed by its rights. */
export type ConfigOf<Declaration> =
  Declaration extends FunctionDeclaration<infer Rights, infer Own>
    ? z.infer<z.ZodObject<ShapeOf<Rights, Own>>>
    : never;

/** What the function's composition receives: a maker for each port of its rights, and no other. */
export type AdaptersOf<Declaration> =
  Declaration extends FunctionDeclaration<infer Rights, Variables>
    ? Pick<Adapters, Rights[number]['adapter']> & Process
    : never;

/**
 * Reads the function's variables; throws one `ConfigurationError` that names all that are wrong. `pipelines` are those
 * that the environment lists.
 */
export function configOf<Declaration extends FunctionDeclaration>(
  declaration: Declaration,
  env: Env,
  pipelines: ReadonlyMap<string, Pipeline>,
): ConfigOf<Declaration> {
  const own = Object.entries(declaration.variables).map(([name, { form }]) => [name, form] as const);
  const shape: z.ZodRawShape = {
    ...(watchesSources(declaration) ? sourceVariables(pipelines.values()) : {}),
    ...(knowsRequesters(declaration) ? requesterVariables(requestsOf(pipelines.values())) : {}),
    ...cloudVariables,
    ...deployedVariable(pipelines),
    ...Object.assign({}, ...declaration.rights.map((right) => right.variables)),
    ...Object.fromEntries(own),
  };
  return readConfig(env, shape) as ConfigOf<Declaration>;
}

/** Anyone reaches the function, which verifies tokens itself; it receives who may call each pipeline. */
export const isOpen = ({ calledBy }: Pick<FunctionDeclaration, 'calledBy'>): boolean =>
  calledBy.some(({ kind }) => kind === 'internet');

/** People use the function in a browser, through Identity-Aware Proxy. */
export const isForPeople = ({ calledBy }: Pick<FunctionDeclaration, 'calledBy'>): boolean =>
  calledBy.some(({ kind }) => kind === 'people');

/** Such a function receives who may request and approve runs: it decides by these lists, or shows them. */
export const knowsRequesters = (declaration: Pick<FunctionDeclaration, 'calledBy'>): boolean =>
  isOpen(declaration) || isForPeople(declaration);

/** Such a function receives the settings of the pipelines' sources. */
export const watchesSources = ({ rights }: FunctionDeclaration): boolean =>
  rights.some(({ kind }) => kind === 'watches-sources');

/** These call from the internet, and their token decides; calls of Cloud Scheduler and Pub/Sub are internal. */
const FROM_OUTSIDE: readonly Caller['kind'][] = [
  'function',
  'service-callers',
  'internet',
  'people',
  'operators',
];

/** No caller of the function calls it from the internet. */
export const isInternal = ({ calledBy }: FunctionDeclaration): boolean =>
  !calledBy.some(({ kind }) => FROM_OUTSIDE.includes(kind));
