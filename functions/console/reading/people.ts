// Who may do what on the console and by the requests API, as the stack names them; a reader sees no addresses but the operators'.
import type { Pipeline } from '../../../shared/pipelines/pipeline.ts';
import { REQUEST_APPROVERS, REQUEST_CALLERS, type Requesters } from '../../../shared/pipelines/requesters.ts';
import { stackKeyOf, type Setting } from '../../../shared/pipelines/setting.ts';
import { CALLERS } from '../../../shared/pipelines/services.ts';
import type { Ports } from '../ports.ts';
import type { Role } from '../words/rights.ts';

export interface RoleShown {
  readonly role: Role;
  readonly pipeline: string | null;
  /** The key of the stack's file. */
  readonly setting: string;
  /** Null: the console does not know, or the one who asks may not see them. */
  readonly who: readonly string[] | null;
  /** Undefined where the console does not know them. */
  readonly count?: { readonly addresses: number; readonly others: number };
}

/** A list may be long; the stack's file has the whole. */
const MOST_SHOWN = 200;

/**
 * Operators are shown to everyone: their addresses stand in the audit record, and a reader has to know whom to ask. The
 * other addresses are of no use to a reader, who sees how many there are.
 */
export function rolesOf(
  { operators, people, pipelines }: Pick<Ports, 'operators' | 'people' | 'pipelines'>,
  isOperator: boolean,
): readonly RoleShown[] {
  const shown = (of: Omit<RoleShown, 'who' | 'count'>, members: readonly string[], isOpen: boolean) => ({
    ...of,
    who: isOpen ? members.slice(0, MOST_SHOWN) : null,
    count: countOf(members),
  });
  const ofMesh = (role: Role, setting: string) => ({ role, pipeline: null, setting });
  return [
    shown(ofMesh('console-operators', 'sluice:consoleOperators'), operators, true),
    shown(ofMesh('console-readers', 'sluice:consoleReaders'), people.readers, isOperator),
    ...[...pipelines.values()].flatMap((pipeline) => {
      const { callers = [], approvers = [] } = people.requesters.get(pipeline.name) ?? {};
      const of = (role: Role, setting: Setting) => ({
        ...{ role, pipeline: pipeline.name, setting: stackKeyOf(pipeline.name, setting) },
      });
      if (pipeline.trigger.kind !== 'requests') return servicesOf(pipeline);
      return [
        shown(of('callers', REQUEST_CALLERS), callers.map(textOf), isOperator),
        shown(of('approvers', REQUEST_APPROVERS), approvers.map(textOf), isOperator),
      ];
    }),
    { ...ofMesh('stack-operators', 'sluice:operators'), who: null },
    { ...ofMesh('table-readers', 'sluice:readers'), who: null },
  ];
}

const servicesOf = ({ name, services }: Pipeline): readonly RoleShown[] =>
  services === undefined
    ? []
    : [{ role: 'service-callers', pipeline: name, setting: stackKeyOf(name, CALLERS), who: null }];

function textOf(requesters: Requesters): string {
  switch (requesters.kind) {
    case 'address':
      return requesters.address;
    case 'domain':
      return `domain:${requesters.domain}`;
    case 'tenant':
      return `tenant:${requesters.tenant}`;
  }
}

const OTHERS = /^(group|domain|tenant):/;

function countOf(members: readonly string[]): NonNullable<RoleShown['count']> {
  const others = members.filter((member) => OTHERS.test(member)).length;
  return { addresses: members.length - others, others };
}
