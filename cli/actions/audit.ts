// The audit record: each operator's command with who sent it, when and why, and its result.
import type { OperatorCommand } from '../../shared/commands/command.ts';
import { listAudit, type AuditEntry } from '../../shared/commands/audit.ts';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import type { Target } from '../target.ts';
import { localTime, zoneOf } from '../times.ts';
import type { Sluice } from '../verbs/verb.ts';
import { auditOf } from './stores.ts';

export async function showAudit(
  sluice: Sluice,
  target: Target,
  pipeline: Pipeline,
  count: number,
): Promise<void> {
  const entries = await listAudit({ audit: auditOf(target), now: () => Date.now() }, pipeline.name, count);
  const data = entries.map(({ command, by, through, at, ended }) => ({
    ...{ at, by, through: through ?? null, command },
    result: ended ?? null,
  }));
  const rows = entries.map((entry) => ({
    [`At (${zoneOf(pipeline)})`]: localTime(pipeline, entry.at),
    By: entry.through === undefined ? entry.by : [entry.by, `through ${entry.through}`],
    Command: [entry.command.verb, ...subjectOf(entry.command)],
    Reason: entry.command.reason,
    Result: sluice.message(resultText(entry)),
  }));
  sluice.showRows(data, rows, 'No command has been sent yet.');
}

const resultText = ({ command, ended }: AuditEntry): string =>
  ended === undefined
    ? `not finished; repeat it with --command ${command.id}`
    : `${ended.result}: ${ended.message}`;

function subjectOf(command: OperatorCommand): readonly string[] {
  if ('deadLetters' in command) return [command.subscription, ...command.deadLetters];
  if (command.verb === 'rollback') return [command.model, 'to', command.to];
  return 'run' in command ? [command.run] : [];
}
