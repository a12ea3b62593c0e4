// Lists the dead letters of every subscription; nothing is taken away, and each is given back at once.
import { concurrently } from '../../shared/concurrently.ts';
import { holding, type DeadLetter } from '../../shared/dead-letters/dead-letters.ts';
import { found } from '../../shared/dead-letters/found.ts';
import { listed, MOST_LISTED, type DeadLetterList } from '../../shared/dead-letters/list.ts';
import { isOptional, SUBSCRIPTION_NAMES } from '../../shared/functions/subscriptions.ts';
import { watchesBuckets } from '../../shared/pipelines/pipeline.ts';
import type { Ports } from './ports.ts';

const READ_AT_ONCE = 16;

/**
 * Only Pub/Sub has dead letters, and who may read them there may also delete them. So the console does not: it asks this
 * function, which may.
 */
export async function listDeadLetters(ports: Ports): Promise<DeadLetterList> {
  const deployed = SUBSCRIPTION_NAMES.filter(
    (name) => !isOptional(name) || watchesBuckets(ports.pipelines.values()),
  );
  const held = await Promise.all(
    deployed.map((subscription) =>
      holding(ports.deadLetters, subscription, ({ deadLetters, isAll }) =>
        Promise.resolve({ deadLetters: deadLetters.map(kept), isAll }),
      ),
    ),
  );
  const all = held.flatMap(({ deadLetters }) => deadLetters);
  const oldest = all
    .toSorted((one, other) => (one.deadLetteredAt < other.deadLetteredAt ? -1 : 1))
    .slice(0, MOST_LISTED);
  const shown = await concurrently(oldest, READ_AT_ONCE, async (one) => listed(await found(ports.runs, one)));
  return {
    deadLetters: shown,
    count: all.length,
    isAll: held.every(({ isAll }) => isAll) && shown.length === all.length,
    readAt: new Date(ports.now()).toISOString(),
  };
}

/** Without its lease, which has ended. */
const kept = ({ id, subscription, data, attributes, deadLetteredAt }: DeadLetter): DeadLetter => ({
  ...{ id, subscription, data, attributes, deadLetteredAt },
});
