// The story of a hint: Cloud Storage announces a finished object, and the pipeline that watches it is polled as by its schedule.
import { z } from 'zod';
import { recordingRefusals, type RefusalPorts } from '../../shared/dead-letters/refusals.ts';
import { messageOf, PermanentError } from '../../shared/errors.ts';
import { answerQuietly, type HttpAnswer } from '../../shared/events/answer.ts';
import type { Delivery } from '../../shared/events/messages.ts';
import { finishedObjectIn, type FinishedObject } from '../../shared/events/notifications.ts';
import { readState } from '../../shared/runs/state.ts';
import type { Answer } from './decide.ts';
import { isKnown, isSettling, LAST_WAIT, routeOf, type WatchedBucket } from './hint.ts';

export interface HintPorts extends RefusalPorts {
  readonly watched: readonly WatchedBucket[];
  /** A poll like that of the schedule. */
  readonly poll: (watched: WatchedBucket) => Promise<Answer>;
}

/** Pub/Sub delivers the message again after it; unlike a 5xx it does not count as a failure of the function. */
const TOO_EARLY = 425;

// Pub/Sub counts the deliveries of a message whose subscription has dead letters.
const counted = z.object({ deliveryAttempt: z.int().min(1) });

/** Never rejects. A message that names no object is refused, and becomes a dead letter with the reason (law 8). */
export async function receiveHint(delivery: Delivery, ports: HintPorts): Promise<HttpAnswer> {
  let isEarly = false;
  const answer = await answerQuietly(async () => {
    await recordingRefusals('detect-changes', delivery.body, ports, async () => {
      isEarly = await follow(objectIn(delivery), attemptOf(delivery), ports);
    });
    return {};
  });
  return isEarly ? { status: TOO_EARLY, body: { waits: 'the source is not settled' } } : answer;
}

function objectIn({ body }: Delivery): FinishedObject {
  const object = finishedObjectIn(body);
  if (object !== undefined) return object;
  throw new PermanentError('the message names no finished object; expected a notification of Cloud Storage', {
    code: 'POISON_MESSAGE',
  });
}

const attemptOf = ({ body }: Delivery): number => counted.safeParse(body).data?.deliveryAttempt ?? 1;

/** Whether the hint has to be delivered again. A permanent failure is acknowledged: the schedule polls anyway. */
async function follow(object: FinishedObject, attempt: number, ports: HintPorts): Promise<boolean> {
  const { log, now } = ports;
  const { bucket, name } = object;
  const route = routeOf(object, ports.watched);
  if (route.kind === 'foreign')
    log.warn(
      { bucket, name, code: 'POISON_MESSAGE' },
      `Event ignored: it concerns the bucket ${bucket}, which no pipeline watches.`,
    );
  if (route.kind === 'not-watched')
    log.debug({ bucket, name }, 'Event ignored: no pipeline watches the object.');
  if (route.kind !== 'watched') return false;
  const early = route.by.filter(({ settleMs }) => isSettling(object, settleMs, attempt, now()));
  for (const watched of route.by)
    if (!early.includes(watched)) await pollFor(object, watched, attempt, ports);
  return early.length > 0;
}

/** The schedule reports a poll that fails permanently or repeatedly: its hints do not become dead letters. */
async function pollFor(
  object: FinishedObject,
  watched: WatchedBucket,
  attempt: number,
  { runs, log, poll }: HintPorts,
): Promise<void> {
  const pipeline = watched.pipeline.name;
  const about = { pipeline, bucket: object.bucket, name: object.name };
  try {
    const state = (await readState(runs, pipeline))?.value;
    if (isKnown(object, state))
      log.debug(about, 'Event ignored: the newest run has the object, or the pipeline is paused.');
    else await poll(watched);
  } catch (error) {
    if (!(error instanceof PermanentError) && attempt <= LAST_WAIT) throw error;
    log.error(
      { ...about, err: error },
      `The event's poll failed, and the schedule's next poll takes its place: ${messageOf(error)}`,
    );
  }
}
