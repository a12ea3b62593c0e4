// The dead letters as an operator sees them: what each is about, how often it was refused, and why.
import type { FoundDeadLetter } from '../../shared/dead-letters/found.ts';
import { ConfigurationError } from '../../shared/errors.ts';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import { writeLine } from '../terminal.ts';
import type { Target } from '../target.ts';
import { localTime, timeWithZone, zoneOf } from '../times.ts';
import type { Sluice } from '../verbs/verb.ts';
import { findDeadLetters, type DeadLetterFilter, type FoundDeadLetters } from './dead-letters.ts';

export async function listDeadLetters(
  sluice: Sluice,
  target: Target,
  zoned: Pipeline,
  filter: DeadLetterFilter,
): Promise<void> {
  const { deadLetters, rest } = await findDeadLetters(target, filter);
  const rows = deadLetters.map(({ deadLetter, pipeline, run, reason, redrivenBy }) => ({
    Id: deadLetter.id,
    [`Given up at (${zoneOf(zoned)})`]: localTime(zoned, deadLetter.deadLetteredAt),
    'Subscription and run': [deadLetter.subscription, [pipeline, run].filter(Boolean).join(' ')].filter(
      Boolean,
    ),
    Reason:
      redrivenBy === undefined
        ? sluice.message(reason)
        : `Failed again after the redrive ${redrivenBy}: ${reason}`,
  }));
  sluice.showRows(deadLetters.map(dataOf), rows, 'There are no dead letters.');
  const [oldest] = deadLetters;
  if (oldest !== undefined) {
    const line = (...words: readonly string[]) => sluice.line('dead-letters', ...words);
    sluice.hint(`To see one whole: ${line('show', oldest.deadLetter.id)}`);
    sluice.hint(`To publish it again: ${line('redrive', oldest.deadLetter.id, '--reason', '<why>')}`);
  }
  warn(rest);
}

export async function showDeadLetters(
  sluice: Sluice,
  target: Target,
  zoned: Pipeline,
  filter: DeadLetterFilter,
): Promise<void> {
  const { deadLetters } = some(sluice, await findDeadLetters(target, filter));
  for (const found of deadLetters) sluice.show(dataOf(found), factsOf(found, zoned));
}

export function some(sluice: Sluice, found: FoundDeadLetters): FoundDeadLetters {
  if (found.deadLetters.length > 0) return found;
  const rest = found.rest === undefined ? '' : ` ${found.rest}`;
  throw new ConfigurationError(
    `There is no such dead letter.${rest}\nTo list all of them: ${sluice.line('dead-letters', 'list')}`,
  );
}

/** Beside the rows and not among them: another program reads those. */
export function warn(rest: string | undefined): void {
  if (rest !== undefined) writeLine(process.stderr, rest);
}

const dataOf = ({
  deadLetter,
  pipeline,
  run,
  publishedAt,
  deliveries,
  code,
  reason,
  redrivenBy,
  redrivenTimes,
}: FoundDeadLetter) => ({
  id: deadLetter.id,
  subscription: deadLetter.subscription,
  publishedAt: publishedAt ?? null,
  deadLetteredAt: deadLetter.deadLetteredAt,
  deliveries: deliveries ?? null,
  redrivenBy: redrivenBy ?? null,
  redrivenTimes,
  pipeline: pipeline ?? null,
  run: run ?? null,
  code: code ?? null,
  reason: reason ?? null,
  attributes: deadLetter.attributes,
  data: deadLetter.data.toString('utf8'),
});

function factsOf(found: FoundDeadLetter, zoned: Pipeline): Record<string, unknown> {
  const {
    id,
    subscription,
    publishedAt,
    deadLetteredAt,
    deliveries,
    redrivenBy,
    pipeline,
    run,
    reason,
    attributes,
    data,
  } = dataOf(found);
  return {
    Id: id,
    Subscription: subscription,
    'First published': timeWithZone(zoned, publishedAt),
    'Given up at': timeWithZone(zoned, deadLetteredAt),
    Deliveries: deliveries ?? 'unknown',
    ...(redrivenBy === null ? {} : { 'Failed again after the redrive': redrivenBy }),
    Pipeline: pipeline ?? 'cannot be read',
    Run: run ?? 'cannot be read',
    Reason: reason,
    Attributes: Object.entries(attributes).map(([name, value]) => `${name}: ${value}`),
    Data: data,
  };
}
