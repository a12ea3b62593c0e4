// Brings published outputs back from the stored ones, and prints what was made, entered, lost and published.
import { counted } from '../../shared/counted.ts';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import type { Target } from '../target.ts';
import type { Sluice } from '../verbs/verb.ts';
import { restore, type Restored } from './restoring.ts';
import { verificationText } from './verify.ts';

/** The exit code is 1 when something still disagrees afterwards. */
export async function restoreNow(
  sluice: Sluice,
  target: Target,
  pipeline: Pipeline,
  reason: string,
): Promise<void> {
  const restored = await restore(target, pipeline, reason);
  sluice.report(restored, textOf(restored));
  if (!restored.verification.verified) process.exitCode = 1;
}

function textOf({ made, entered, lost, republished, verification }: Restored): string {
  return [
    ...made.map((table) => `${table} was missing, and was made.`),
    ...(entered > 0
      ? [
          `${counted(entered, 'publication')} ${entered === 1 ? 'was' : 'were'} entered into the ledger again, from the buckets.`,
        ]
      : []),
    ...lost.map((id) => `${id} cannot be entered again: its output no longer exists.`),
    republished === null
      ? 'The rows are those of the newest publication: nothing was published.'
      : `The rows of run ${republished} were published again.`,
    verificationText(verification),
  ].join('\n');
}
