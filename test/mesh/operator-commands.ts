// How the mesh's tests give commands: as the CLI does, to the function, with the operator's token.
import assert from 'node:assert/strict';
import { callFunction } from '../../shared/google/functions.ts';
import { auditBucketOf } from '../../shared/deployment.ts';
import { gcsStore } from '../../shared/google/storage.ts';
import { listAudit, type AuditEntry } from '../../shared/commands/audit.ts';
import { commandIdOf, commandResult, type CommandResult } from '../../shared/commands/command.ts';
import { LOCAL_PROJECT } from '../../cli/local-mesh.ts';
import type { RunningMesh } from './start-mesh.ts';

export const OPERATOR = 'operator@local';

let commands = 0;
/** A command's id; each is later than the one before. */
export const nextId = (): string => commandIdOf(Date.UTC(2026, 10, 21) + 1000 * ++commands, 'test');

/** Gives a command for carmila, and returns its result. */
export async function give(
  mesh: RunningMesh,
  draft: Readonly<Record<string, unknown>>,
): Promise<CommandResult> {
  const ofDeadLetters = 'deadLetters' in draft;
  const body = {
    id: nextId(),
    reason: 'a test',
    ...(ofDeadLetters ? {} : { pipeline: 'carmila' }),
    ...draft,
  };
  return commandResult.parse(await callFunction(mesh.cloud.functionUrl('handle-commands'), body));
}

export async function done(
  mesh: RunningMesh,
  draft: Readonly<Record<string, unknown>>,
): Promise<CommandResult> {
  const result = await give(mesh, draft);
  assert.equal(result.result, 'done', result.message);
  return result;
}

export async function refused(mesh: RunningMesh, draft: Readonly<Record<string, unknown>>): Promise<string> {
  const { result, message } = await give(mesh, draft);
  assert.equal(result, 'refused', message);
  return message;
}

export const auditOf = ({ cloud }: RunningMesh): Promise<readonly AuditEntry[]> => {
  const google = { GOOGLE_CLOUD_PROJECT: LOCAL_PROJECT, GOOGLE_API_ENDPOINT: cloud.endpoint };
  const audit = gcsStore(auditBucketOf(LOCAL_PROJECT), google);
  return listAudit({ audit, now: () => Date.now() }, 'carmila', 100);
};
