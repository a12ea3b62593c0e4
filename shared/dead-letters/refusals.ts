// Records why a message was refused: Pub/Sub does not pass the reason to the dead letter.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { errorCode } from '../error-codes.ts';
import { codeOf, messageOf, PermanentError, TransientError } from '../errors.ts';
import type { Log } from '../logging.ts';
import { createOnce, readJson } from '../objects/json.ts';
import type { ObjectStore } from '../objects/store.ts';
import { aboutOf } from './about.ts';

export const refusal = z.object({
  function: z.string(),
  code: errorCode.default('PERMANENT_FAILURE'),
  reason: z.string(),
  at: z.iso.datetime(),
});
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
 * A message changes its id when it becomes a dead letter and keeps its bytes, so a hash of them names the record. No
 * pipeline's name begins with an underscore.
 */
const refusalObject = (data: Buffer): string =>
  `_refused/${createHash('sha256').update(data).digest('hex').slice(0, 32)}.json`;

export const readRefusal = async (runs: ObjectStore, data: Buffer): Promise<Refusal | undefined> =>
  (await readJson(runs, refusalObject(data), refusal))?.value;

/**
 * Does the work of a delivery. A permanent error is recorded once and thrown, so that Pub/Sub counts the refusal; a
 * transient error is thrown as it is: the next delivery may succeed.
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
    // A transient failure is a warning: if it does not pass, the message becomes a dead letter.
    log[error instanceof TransientError ? 'warn' : 'error']({ ...about, err: error }, messageOf(error));
    if (error instanceof PermanentError && read.success) {
      const name = refusalObject(data);
      const reason = messageOf(error).slice(0, LONGEST_REASON);
      const at = new Date(now()).toISOString();
      const record = { function: functionName, code: codeOf(error), reason, at };
      // A failed record must not replace the refusal.
      await createOnce(runs, name, refusal, record).catch((cause: unknown) =>
        log.warn({ err: cause }, `The reason of a refused message could not be recorded: ${reason}`),
      );
    }
    throw error;
  }
}
