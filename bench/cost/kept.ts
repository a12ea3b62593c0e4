// How long an object is paid for: by its bucket's rules, and the days for which Google keeps what was deleted.
import type { PlannedResource } from '../../infra/plan.ts';

interface Rule {
  readonly action: { readonly type: string };
  readonly condition: Readonly<Record<string, unknown>>;
}

const DAY_SECONDS = 24 * 60 * 60;
// Google's defaults, where the program sets nothing.
const SOFT_DELETED_SECONDS = 7 * DAY_SECONDS;
const FOR_EVER_DAYS = 3650;
const NAMES = new Set(['age', 'daysSinceCustomTime', 'matchesPrefixes', 'matchesSuffixes', 'withState']);

/** `bucket` is the resource's name in the program. Days, ten years where no rule ever deletes. */
export function keptDays(plan: readonly PlannedResource[], bucket: string, object: string): number {
  const { lifecycleRules = [], softDeletePolicy } = bucketOf(plan, bucket).inputs as {
    lifecycleRules?: readonly Rule[];
    softDeletePolicy?: { retentionDurationSeconds?: number };
  };
  const ages = lifecycleRules
    .filter(({ action, condition }) => action.type === 'Delete' && concerns(condition, object))
    .map(({ condition }) => Number(daysOf(condition)));
  const softDeleted = softDeletePolicy?.retentionDurationSeconds ?? SOFT_DELETED_SECONDS;
  return Math.min(FOR_EVER_DAYS, ...ages) + softDeleted / DAY_SECONDS;
}

// What is written once bears its time from the day that it is written.
const daysOf = ({ age, daysSinceCustomTime }: Rule['condition']) => age ?? daysSinceCustomTime;

/** Of a live object; rules by other conditions are about those that were replaced. */
function concerns(condition: Rule['condition'], object: string): boolean {
  if (daysOf(condition) === undefined || condition.withState === 'ARCHIVED') return false;
  if (Object.keys(condition).some((name) => !NAMES.has(name))) return false;
  const some = (key: string, is: (part: string) => boolean) =>
    condition[key] === undefined || (condition[key] as readonly string[]).some(is);
  return (
    some('matchesPrefixes', (part) => object.startsWith(part)) &&
    some('matchesSuffixes', (part) => object.endsWith(part))
  );
}

export const locationOf = (plan: readonly PlannedResource[]): string =>
  String(bucketOf(plan, 'runs').inputs.location);

function bucketOf(plan: readonly PlannedResource[], name: string): PlannedResource {
  const found = plan.find((each) => each.type === 'gcp:storage/bucket:Bucket' && each.name === name);
  if (found === undefined) throw new Error(`the program has no bucket ${name}`);
  return found;
}
