// The audit record: each operator's command with who sent it, when and why, and its result; of a pipeline that takes
// requests also the calls of the API that changed something.
import { shownCaller } from '../../shared/access/caller.ts';
import { listCalls, type ApiAudit } from '../../shared/api/audit.ts';
import type { OperatorCommand } from '../../shared/commands/command.ts';
import { listAudit, type AuditEntry } from '../../shared/commands/audit.ts';
import { isRequests, type Pipeline } from '../../shared/pipelines/pipeline.ts';
import { parseJobId } from '../../shared/requests/names.ts';
import type { Target } from '../target.ts';
import { localTime, zoneOf } from '../times.ts';
import type { Sluice } from '../verbs/verb.ts';
import { auditOf } from './stores.ts';

/** One line: as it is printed for programs, and for people. */
interface Line {
  readonly at: string;
  readonly data: object;
  readonly what: readonly string[];
  readonly by: string | readonly string[];
  readonly reason: string;
  readonly result: string;
}

export async function showAudit(
  sluice: Sluice,
  target: Target,
  pipeline: Pipeline,
  count: number,
): Promise<void> {
  const audit = auditOf(target);
  const [commands, calls] = await Promise.all([
    listAudit({ audit, now: () => Date.now() }, pipeline.name, count),
    isRequests(pipeline) ? listCalls(audit, pipeline.name, count, Date.now()) : [],
  ]);
  const lines = [...commands.map(lineOfCommand), ...calls.map(lineOfCall)]
    .sort((one, other) => Date.parse(other.at) - Date.parse(one.at))
    .slice(0, count);
  const rows = lines.map(({ at, by, what, reason, result }) => ({
    [`At (${zoneOf(pipeline)})`]: localTime(pipeline, at),
    By: by,
    Command: what,
    Reason: reason,
    Result: sluice.message(result),
  }));
  sluice.showRows(
    lines.map(({ data }) => data),
    rows,
    'No command has been sent yet.',
  );
}

const lineOfCommand = (entry: AuditEntry): Line => {
  const { command, by, through, at, ended } = entry;
  return {
    ...{ at, by: through === undefined ? by : [by, `through ${through}`] },
    data: { at, by, through: through ?? null, command, result: ended ?? null },
    what: [command.verb, ...subjectOf(command)],
    reason: command.reason,
    result: resultText(entry),
  };
};

/** A call is recorded before its gate is written; the job shows which decision stands. */
function lineOfCall({ verb, job_id: job, by: caller, at, trace_id: traceId, reason }: ApiAudit): Line {
  const by = shownCaller(caller);
  const { pipeline = '', run = job } = parseJobId(job) ?? {};
  // Of a request the record has its body's hash, which tells a person nothing.
  const given = verb === 'run' ? '' : (reason ?? '');
  const command = { verb, pipeline, run, reason: given, traceId, through: 'api' };
  return {
    ...{ at, by, data: { at, by, command, result: null } },
    what: [verb === 'run' ? 'request' : verb, run],
    reason: given,
    // The run shows which decision stands.
    result: 'over the API',
  };
}

const resultText = ({ command, ended }: AuditEntry): string =>
  ended === undefined
    ? `not finished; repeat it with --command ${command.id}`
    : `${ended.result}: ${ended.message}`;

function subjectOf(command: OperatorCommand): readonly string[] {
  if ('deadLetters' in command) return [command.subscription, ...command.deadLetters];
  if (command.verb === 'rollback') return [command.model, 'to', command.to];
  if (command.verb === 'plan')
    return [`a ${command.kind} ${command.kind === 'rollback' ? 'to' : 'of'}`, command.run];
  if (command.verb === 'replay') return [command.run, 'by the plan', command.apply];
  return 'run' in command ? [command.run] : [];
}
