// Whether what is recorded of a replay, a pin or a rollback of a model has a cause that did occur.
import { troublesOf } from './content.ts';
import { outputsOf } from './exports.ts';
import type { Asked, Oracle } from './oracle.ts';
import type { Recorded, Watched } from './watched.ts';

interface Durable {
  readonly oracle: Oracle;
  readonly cloud: Watched['cloud'];
}

// What is asked for is based on what was published a moment before.
const POLL_MS = 10 * 60_000;

export const kindOf = ({ isPin, modelRollback }: Asked): string =>
  isPin ? 'pin' : modelRollback === undefined ? 'replay' : 'rollback';

export function hasReplayCause(asked: Asked, record: Recorded, { oracle, cloud }: Durable): boolean {
  if (asked.isPin) return hasPinCause(record, oracle);
  if (asked.modelRollback !== undefined) return hasRollbackCause(record, asked, oracle);
  const files = oracle.accepted.get(asked.run)?.files ?? [];
  const causes: Readonly<Record<string, boolean>> = {
    published: !troublesOf(files).includes('broken'),
    superseded: !asked.allowOlder,
    failed: !hadOutput(asked.run, asked.atMs, cloud),
    quarantined: troublesOf(files).includes('broken'),
  };
  return causes[record.outcome] === true;
}

/** Nothing but that there is no champion yet keeps one from being pinned. */
function hasPinCause({ outcome, atMs }: Recorded, oracle: Oracle): boolean {
  if (outcome === 'published') return true;
  const isEarly = oracle.ledger().every(({ published_at }) => Number(published_at) >= atMs - POLL_MS);
  return outcome === 'failed' && isEarly;
}

/** It is refused if it names no version to go back to, or another champion came before it. */
function hasRollbackCause({ outcome }: Recorded, { modelRollback, atMs }: Asked, oracle: Oracle): boolean {
  if (outcome !== 'failed' || modelRollback === undefined) return outcome === 'published';
  const { model, to, replaces } = modelRollback;
  const champions = oracle.ledger().map((entry) => ({
    publication: outputsOf(entry).find(({ output }) => output === model)?.publication,
    isLate: Number(entry.published_at) >= atMs - POLL_MS,
  }));
  const wasCurrent = champions.some(({ publication, isLate }) => publication === to && !isLate);
  const changed = champions.some(({ publication, isLate }) => publication !== replaces && isLate);
  return to === replaces || !wasCurrent || changed;
}

function hadOutput(run: string, beforeMs: number, { storage }: Watched['cloud']): boolean {
  return [1, 2].some((attempt) => {
    const text = storage.text('results', `carmila/${run}/attempt-${attempt}/output.json`);
    if (text === undefined) return false;
    const { kind, writtenAt } = JSON.parse(text) as { kind: string; writtenAt: string };
    return kind === 'output' && Date.parse(writtenAt) < beforeMs - POLL_MS;
  });
}
