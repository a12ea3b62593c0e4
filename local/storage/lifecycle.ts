// Lifecycle rules: which objects a bucket deletes by itself, as days pass.
import { notImplemented, refuseUnknownFields } from '../http/errors.ts';
import type { Attributes } from './attributes.ts';

/** As the JSON API spells it. All conditions of a rule must hold. */
export interface LifecycleRule {
  readonly action: { readonly type: string };
  readonly condition: {
    readonly age?: number;
    readonly daysSinceCustomTime?: number;
    readonly daysSinceNoncurrentTime?: number;
    readonly isLive?: boolean;
    readonly matchesPrefix?: readonly string[];
    readonly matchesSuffix?: readonly string[];
  };
}

/** What a rule is asked of. */
export interface LifecycleSubject {
  readonly name: string;
  readonly createdMs: number;
  /** Undefined: it is the live version. */
  readonly noncurrentMs: number | undefined;
  readonly attributes: Attributes;
}

const KNOWN = [
  'age',
  'daysSinceCustomTime',
  'daysSinceNoncurrentTime',
  'isLive',
  'matchesPrefix',
  'matchesSuffix',
];
const DAY_MS = 24 * 60 * 60 * 1000;

/** Throws 501 by name for an action or a condition that is not known here. */
export function checkLifecycle(rules: readonly LifecycleRule[]): readonly LifecycleRule[] {
  for (const { action, condition } of rules) {
    if (action.type !== 'Delete') throw notImplemented(`the lifecycle action ${action.type}`);
    refuseUnknownFields('lifecycle.rule.condition', condition, KNOWN);
    if (Object.keys(condition).length === 0) throw notImplemented('a lifecycle rule without a condition');
  }
  return rules;
}

/** Whether a rule deletes the object. No rule deletes an object without the time that its condition counts from. */
export const isDue = (rules: readonly LifecycleRule[], subject: LifecycleSubject, nowMs: number): boolean =>
  rules.some(({ condition }) => {
    const { age, daysSinceCustomTime, daysSinceNoncurrentTime, isLive } = condition;
    const { matchesPrefix, matchesSuffix } = condition;
    const { name, createdMs, noncurrentMs, attributes } = subject;
    const { customTime } = attributes;
    const passed = (days: number | undefined, sinceMs: number | undefined) =>
      days === undefined || (sinceMs !== undefined && nowMs - sinceMs >= days * DAY_MS);
    return (
      passed(age, createdMs) &&
      passed(daysSinceCustomTime, customTime === undefined ? undefined : Date.parse(customTime)) &&
      passed(daysSinceNoncurrentTime, noncurrentMs) &&
      (isLive === undefined || isLive === (noncurrentMs === undefined)) &&
      (matchesPrefix === undefined || matchesPrefix.some((prefix) => name.startsWith(prefix))) &&
      (matchesSuffix === undefined || matchesSuffix.some((suffix) => name.endsWith(suffix)))
    );
  });
