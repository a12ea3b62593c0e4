// Who may request runs of a pipeline, and who may approve them: lists in the stack's settings, empty by default.
import { z } from 'zod';
import { fromEnv, variableOf, type Setting } from './setting.ts';

/** The stack's `<pipeline>:callers`. A stack that does not set it leaves the pipeline out: then no one could call it. */
export const REQUEST_CALLERS = fromEnv('CALLERS');
/** The stack's `<pipeline>:approvers`: who may approve or reject a request before it starts. */
export const REQUEST_APPROVERS = fromEnv('APPROVERS', '');

export type Requesters =
  /** The verified address of one account. */
  | { readonly kind: 'address'; readonly address: string }
  /** Every account of a Google Workspace domain: the token's hosted domain. */
  | { readonly kind: 'domain'; readonly domain: string }
  /** Every user of a tenant of Identity Platform. */
  | { readonly kind: 'tenant'; readonly tenant: string };

const ADDRESS = /^[^\s@:,]{1,64}@[a-z0-9.-]{1,253}$/i;
const DOMAIN = /^domain:([a-z0-9-]+(?:\.[a-z0-9-]+)+)$/i;
const TENANT = /^tenant:([A-Za-z0-9-]{1,63})$/;

const EXPECTED = 'addresses, domain:example.com or tenant:<id>, separated by commas';

const itemsIn = (list: string): readonly string[] => list.split(/[\s,]+/).filter((item) => item !== '');

function requestersIn(item: string): Requesters | undefined {
  const domain = DOMAIN.exec(item)?.[1];
  if (domain !== undefined) return { kind: 'domain', domain: domain.toLowerCase() };
  const tenant = TENANT.exec(item)?.[1];
  if (tenant !== undefined) return { kind: 'tenant', tenant };
  return ADDRESS.test(item) ? { kind: 'address', address: item.toLowerCase() } : undefined;
}

/** What a stack's file and a function accept: the list as it is written. */
export const requesterList = (): z.ZodString =>
  z
    .string(`expected ${EXPECTED}`)
    .max(10_000)
    .refine(
      (list) => itemsIn(list).every((item) => requestersIn(item) !== undefined),
      `expected ${EXPECTED}`,
    );

/** The settings of a pipeline with the trigger requests, each with what it accepts. */
export const REQUEST_SETTINGS: readonly Setting[] = [REQUEST_CALLERS, REQUEST_APPROVERS];

const formOf = ({ fallback }: Setting): z.ZodType<string> =>
  fallback === undefined ? requesterList().min(1, `expected ${EXPECTED}`) : requesterList().default(fallback);

interface Named {
  readonly name: string;
}

/** The variables that carry them, for `readConfig`. `nameOf` names them. */
export const requesterVariables = (
  pipelines: readonly Named[],
  nameOf: (pipeline: string, setting: Setting) => string = variableOf,
): Record<string, z.ZodType<string>> =>
  Object.fromEntries(
    pipelines.flatMap(({ name }) =>
      REQUEST_SETTINGS.map((setting) => [nameOf(name, setting), formOf(setting)]),
    ),
  );

/** From what `readConfig` made of `requesterVariables`. */
export function requestersOf(
  { name }: Named,
  config: Readonly<Record<string, unknown>>,
): { readonly callers: readonly Requesters[]; readonly approvers: readonly Requesters[] } {
  const listed = (setting: Setting): readonly Requesters[] =>
    itemsIn(String(config[variableOf(name, setting)] ?? ''))
      .map(requestersIn)
      .filter((found) => found !== undefined);
  return { callers: listed(REQUEST_CALLERS), approvers: listed(REQUEST_APPROVERS) };
}
