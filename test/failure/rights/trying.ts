// Tries a piece of work with all rights, and without one of them: then it fails, says why, and publishes nothing.
import assert from 'node:assert/strict';
import type { PlannedResource } from '../../../infra/plan.ts';
import type { Grant } from '../../../local/iam/iam.ts';
import { grantOf } from '../../../local/iam/provision.ts';
import { permissionsOf } from '../../../local/iam/roles.ts';
import type { RunningMesh } from '../../mesh/start-mesh.ts';
import type { RightsSetup } from './setup.ts';
import type { Work } from './work.ts';

export interface Tried extends Pick<RightsSetup, 'reset' | 'whatIsPublished'> {
  readonly mesh: Pick<RunningMesh, 'cloud' | 'logLines' | 'logged'>;
}
type Plan = readonly PlannedResource[];

export async function works<On extends Tried>(work: Work<On>, setup: On, plan: Plan): Promise<void> {
  await setup.reset();
  const { isDone, message } = await work.attempt(setup, plan);
  assert.ok(isDone, `${message}\n${setup.mesh.logLines.slice(-10).join('\n')}`);
}

export async function failsWithout<On extends Tried>(
  name: string,
  work: Work<On>,
  setup: On,
  plan: Plan,
): Promise<void> {
  const { mesh } = setup;
  const planned = plan.find((resource) => resource.name === name);
  const grant = planned && grantOf(planned, mesh.cloud);
  assert.ok(grant, `the program grants no ${name}`);
  // While the right is there: the setup writes to a bucket, which one of them is needed for.
  await setup.reset();
  const before = await setup.whatIsPublished();
  const since = mesh.logLines.length;
  assert.ok(mesh.cloud.iam.revoke(grant), `${name} had not been granted`);
  try {
    const { isDone, message } = await work.attempt(setup, plan);
    assert.equal(isDone, false, `${work.what} without ${name}: it is one too many`);
    const reason = messagesAbout(grant, plan);
    if (!reason.test(message)) await mesh.logged(reason, since);
  } finally {
    mesh.cloud.iam.grant(grant);
  }
  assert.deepEqual(await setup.whatIsPublished(), before);
}

const DENIAL = 'does not have|denied|not authorized|requires';

/** A refusal that names the identity or the permission that was taken from it. */
function messagesAbout({ role, member }: Grant, plan: Plan): RegExp {
  const custom = plan.find(({ inputs }) => role.endsWith(`/${String(inputs.roleId)}`));
  const permissions = custom?.inputs.permissions ?? [...(permissionsOf(role) ?? [])];
  const email = member.slice(member.indexOf(':') + 1);
  const named = [email, ...(permissions as string[])].map((text) => text.replaceAll('.', '\\.')).join('|');
  return new RegExp(`(${named}).*(${DENIAL})|(${DENIAL}).*(${named})`, 'i');
}
