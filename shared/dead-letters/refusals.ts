// Why a message was refused: Pub/Sub does not carry the reason to the dead letter, so the function records it.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { messageOf, PermanentError, TransientError } from '../errors.ts';
import type { Log } from '../logging.ts';
import { createOnce, readJson } from '../objects/json.ts';
import type { ObjectStore } from '../objects/store.ts';
import { aboutOf } from './about.ts';

export const refusal = z.object({ function: z.string(), reason: z.string(), at: z.iso.datetime() });
export type Refusal = z.infer<typeof refusal>;

export interface RefusalPorts {
  readonly runs: ObjectStore;
  readonly now: () => number;
  readonly log: Log;
}

const LONGEST_REASON = 2000;
const delivered = z.object({
  message: z.object({ data: z.string(), attributes: z.record(z.string(), z.string()).optional() }),
});

/**
 * A message changes its id when it becomes a dead letter; its bytes stay, and so a hash of them names the
 * record. No pipeline's name begins with an underscore.
 */
const refusalObject = (data: Buffer): string =>
  `_refused/${createHash('sha256').update(data).digest('hex').slice(0, 32)}.json`;

export const readRefusal = async (runs: ObjectStore, data: Buffer): Promise<Refusal | undefined> =>
  (await readJson(runs, refusalObject(data), refusal))?.value;

/**
 * Does the work of a delivery. A permanent refusal is recorded once and thrown on, so that Pub/Sub counts it;
 * a passing failure is thrown on as it is: the next delivery may do better.
 */
export async function recordingRefusals(
  functionName: string,
  delivery: unknown,
  { runs, now, log }: RefusalPorts,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    const read = delivered.safeParse(delivery);
    const data = Buffer.from(read.data?.message.data ?? '', 'base64');
    const about = aboutOf({ data, attributes: read.data?.message.attributes ?? {} });
    // What passes by itself is no error yet: should it not pass, the message becomes a dead letter.
    log[error instanceof TransientError ? 'warn' : 'error']({ ...about, err: error }, messageOf(error));
    if (error instanceof PermanentError && read.success) {
      const name = refusalObject(data);
      const reason = messageOf(error).slice(0, LONGEST_REASON);
      const record = { function: functionName, reason, at: new Date(now()).toISOString() };
      // The refusal itself matters more than its record.
      await createOnce(runs, name, refusal, record).catch((cause: unknown) =>
        log.warn({ err: cause }, `could not record why a message was refused: ${reason}`),
      );
    }
    throw error;
  }
}
