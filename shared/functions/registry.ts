// Finds the functions: every folder of `functions/` declares one, and adding a folder touches nothing else.
import { EXECUTION_FINISHED, OUTPUT_FINALIZED, SOURCE_FINALIZED } from '../deployment.ts';
import { isAccountTaken } from '../pipelines/accounts.ts';
import { repeated } from '../pipelines/names.ts';
import type { MessageCaller } from './callers.ts';
import type { FunctionDeclaration } from './declaration.ts';
import { modules } from './modules.ts';

export type Functions = ReadonlyMap<string, FunctionDeclaration>;

/** Throws a `TypeError` that names every contradiction between the declarations. */
export const loadFunctions = (): Functions =>
  gatherFunctions(modules.map((module) => module.default as FunctionDeclaration));

const PUBLISHED_BY: Readonly<Record<string, MessageCaller['publishedBy']>> = {
  [OUTPUT_FINALIZED]: 'finished-outputs',
  [SOURCE_FINALIZED]: 'finished-sources',
  [EXECUTION_FINISHED]: 'finished-executions',
};

export function gatherFunctions(declarations: readonly FunctionDeclaration[]): Functions {
  const functions = new Map(declarations.map((declaration) => [declaration.name, declaration]));
  const schedules = declarations.flatMap(({ calledBy }) =>
    calledBy.flatMap((caller) => (caller.kind === 'schedule' ? [caller.name] : [])),
  );
  const problems = [
    ...repeated(declarations.map(({ name }) => name)).map((name) => `two functions are named "${name}"`),
    ...repeated(schedules).map((name) => `two functions are called by the schedule "${name}"`),
    ...differentFallbacks(declarations),
    ...declarations.flatMap((declaration) => [
      ...wrongName(declaration),
      ...oneSided(declaration, functions),
      ...wrongTopics(declaration),
    ]),
    ...circles(functions),
  ];
  if (problems.length > 0) throw new TypeError(`functions/ is wrong: ${problems.join('; ')}`);
  return functions;
}

function wrongName({ name }: FunctionDeclaration): readonly string[] {
  if (!isAccountTaken(name)) return [];
  return [`the function "${name}" would share the account of another identity: expected another name`];
}

/** A stack's setting is one value, whichever functions read it. */
function differentFallbacks(declarations: readonly FunctionDeclaration[]): readonly string[] {
  const fallbacks = new Map<string, Set<string>>();
  for (const { variables } of declarations) {
    for (const [name, { from }] of Object.entries(variables)) {
      if (from.kind === 'setting')
        fallbacks.set(name, (fallbacks.get(name) ?? new Set<string>()).add(from.fallback));
    }
  }
  return [...fallbacks].flatMap(([name, found]) =>
    found.size > 1 ? [`the variable ${name} has the fallbacks ${[...found].join(', ')}: expected one`] : [],
  );
}

/** A call is declared by the function that makes it and by the one that receives it. */
function oneSided(
  { name, rights, calledBy, variables }: FunctionDeclaration,
  all: Functions,
): readonly string[] {
  const called = calledIn(rights);
  const callers = calledBy.flatMap((caller) => (caller.kind === 'function' ? [caller.name] : []));
  const accounts = Object.values(variables).flatMap(({ from }) =>
    from.kind === 'account' && !all.has(from.function) ? [from.function] : [],
  );
  return [
    ...called
      .filter((other) => !all.get(other)?.calledBy.some((caller) => 'name' in caller && caller.name === name))
      .map((other) => `${name} calls ${other}, which does not name it in calledBy`),
    ...callers
      .filter((other) => !calledIn(all.get(other)?.rights ?? []).includes(name))
      .map((other) => `${name} is called by ${other}, which does not declare the right to call it`),
    ...accounts.map(
      (other) => `${name} has a variable with the account of ${other}, which is not a function`,
    ),
  ];
}

const calledIn = (rights: FunctionDeclaration['rights']): readonly string[] =>
  rights.flatMap((right) => (right.kind === 'calls' ? [right.function] : []));

/** A topic that a Google service publishes to must be declared so. */
function wrongTopics({ name, calledBy }: FunctionDeclaration): readonly string[] {
  return calledBy.flatMap((caller) =>
    caller.kind === 'message' && caller.publishedBy !== (PUBLISHED_BY[caller.topic] ?? 'functions')
      ? [
          `${name} receives ${caller.topic} as published by ${caller.publishedBy}: expected ${PUBLISHED_BY[caller.topic]}`,
        ]
      : [],
  );
}

/** The declarations of a deployment in which no pipeline watches a bucket: no function receives events of one. */
export const withoutSourceEvents = (functions: Functions): Functions =>
  new Map(
    [...functions].map(([name, declaration]) => [
      name,
      {
        ...declaration,
        calledBy: declaration.calledBy.filter(
          (caller) => caller.kind !== 'message' || caller.publishedBy !== 'finished-sources',
        ),
      },
    ]),
  );

/** Every topic that a function publishes to or receives. */
export const topicsOf = (functions: Functions): readonly string[] => [
  ...new Set(
    [...functions.values()].flatMap(({ calledBy, rights }) =>
      [...calledBy, ...rights].flatMap((each) => ('topic' in each ? [each.topic] : [])),
    ),
  ),
];

/** A function is created after those that it calls, because it receives their addresses. */
export function callOrder<F extends FunctionDeclaration>(functions: ReadonlyMap<string, F>): readonly F[] {
  const ordered = new Map<string, F>();
  const left = [...functions.values()];
  for (let round = 0; round < functions.size; round++) {
    for (const declaration of left) {
      if (ordered.has(declaration.name)) continue;
      if (calledIn(declaration.rights).every((other) => ordered.has(other) || !functions.has(other)))
        ordered.set(declaration.name, declaration);
    }
  }
  return [...ordered.values()];
}

function circles(functions: Functions): readonly string[] {
  const made = new Set(callOrder(functions).map(({ name }) => name));
  const stuck = [...functions.keys()].filter((name) => !made.has(name));
  return stuck.length === 0 ? [] : [`these functions call each other in a circle: ${stuck.join(', ')}`];
}
