// The dead letters that a command names: listed, filtered, each with its reason.
import { counted } from '../../shared/counted.ts';
import { concurrently } from '../../shared/concurrently.ts';
import { aboutOf } from '../../shared/dead-letters/about.ts';
import { holding, type DeadLetter } from '../../shared/dead-letters/dead-letters.ts';
import { found, type FoundDeadLetter } from '../../shared/dead-letters/found.ts';
import { runsBucketOf, type SubscriptionName } from '../../shared/deployment.ts';
import { ConfigurationError, messageOf } from '../../shared/errors.ts';
import { isOptional, isSubscription, SUBSCRIPTION_NAMES } from '../../shared/functions/subscriptions.ts';
import { pubsubDeadLetters } from '../../shared/google/dead-letters.ts';
import { isDenied, isNotFound } from '../../shared/google/failures.ts';
import { gcsStore } from '../../shared/google/storage.ts';
import { watchesBuckets } from '../../shared/pipelines/pipeline.ts';
import { loadPipelines } from '../../shared/pipelines/registry.ts';
import type { Target } from '../target.ts';

export interface DeadLetterFilter {
  readonly subscription?: string;
  readonly pipeline?: string;
  readonly run?: string;
  /** `90s`, `30m`, `12h`, `7d`. */
  readonly olderThan?: string;
  readonly limit: number;
  /** Message ids; none means all. */
  readonly ids: readonly string[];
}

const READ_AT_ONCE = 16;
const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

export interface FoundDeadLetters {
  /** The oldest that match, oldest first; as many as the filter's limit. */
  readonly deadLetters: readonly FoundDeadLetter[];
  /** What is left out and why, in a sentence; undefined when nothing is. */
  readonly rest: string | undefined;
}

/** Listing removes nothing: every dead letter is given back at once. */
export async function findDeadLetters(target: Target, filter: DeadLetterFilter): Promise<FoundDeadLetters> {
  const matches = matcher(filter, Date.now());
  const port = pubsubDeadLetters(target.config);
  const matching: DeadLetter[] = [];
  const cut: string[] = [];
  for (const subscription of subscriptionsIn(filter)) {
    const looking = holding(port, subscription, ({ deadLetters, isAll }) => {
      matching.push(...deadLetters.filter((one) => matches(one)));
      if (!isAll)
        cut.push(
          `${counted(deadLetters.length, 'dead letter')} of ${subscription} ${deadLetters.length === 1 ? 'was' : 'were'} read, and there may be more`,
        );
      return Promise.resolve();
    });
    await (filter.subscription === undefined && isOptional(subscription)
      ? looking.catch((error: unknown) => cut.push(...whyLeftOut(subscription, error)))
      : looking);
  }
  const oldest = matching
    .sort((a, b) => (a.deadLetteredAt < b.deadLetteredAt ? -1 : 1))
    .slice(0, filter.limit);
  if (oldest.length < matching.length) {
    cut.push(`these are the ${oldest.length} oldest of ${matching.length} dead letters; --limit gives more`);
  }
  const runs = gcsStore(runsBucketOf(target.config.GOOGLE_CLOUD_PROJECT), target.config);
  return {
    deadLetters: await concurrently(oldest, READ_AT_ONCE, (deadLetter) => found(runs, deadLetter)),
    rest: cut.length === 0 ? undefined : `${cut.join('. ')}.`,
  };
}

/** Of a subscription that was not named. This deployment may not have it, which Google may answer with 403. */
function whyLeftOut(subscription: SubscriptionName, error: unknown): readonly string[] {
  const { cause } = error as { cause?: unknown };
  if (isNotFound(cause)) return [];
  if (!isDenied(cause)) throw error;
  return [
    `${subscription} is left out (${messageOf(error)}); there is none where no pipeline watches a bucket`,
  ];
}

/** Which dead letters the filter means; typed values are checked here. */
export function matcher(filter: DeadLetterFilter, nowMs: number): (deadLetter: DeadLetter) => boolean {
  const { ids, pipeline, run, olderThan } = filter;
  const deadLetteredBefore = olderThan === undefined ? undefined : nowMs - ageMs(olderThan);
  return (deadLetter) => {
    const about = aboutOf(deadLetter);
    return (
      (ids.length === 0 || ids.includes(deadLetter.id)) &&
      (pipeline === undefined || about.pipeline === pipeline) &&
      (run === undefined || about.run === run) &&
      (deadLetteredBefore === undefined || Date.parse(deadLetter.deadLetteredAt) <= deadLetteredBefore)
    );
  };
}

function ageMs(text: string): number {
  const [, count, unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const ms = UNIT_MS[unit];
  if (ms !== undefined) return Number(count) * ms;
  throw new ConfigurationError(`--older-than is "${text}"; expected a time such as 90s, 30m, 12h or 7d`);
}

function subscriptionsIn({ subscription }: DeadLetterFilter): readonly SubscriptionName[] {
  if (subscription === undefined)
    return SUBSCRIPTION_NAMES.filter((name) => !isOptional(name) || watchesBuckets(loadPipelines().values()));
  if (isSubscription(subscription)) return [subscription];
  throw new ConfigurationError(
    `there is no subscription "${subscription}"; expected one of ${SUBSCRIPTION_NAMES.join(', ')}`,
  );
}
