// Least privilege, tried: the program's grants are taken away one by one, and each time something fails, and says why.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { localStack } from '../../cli/local-mesh.ts';
import { planResources, type PlannedResource } from '../../infra/plan.ts';
import type { Grant } from '../../local/iam/iam.ts';
import { permissionsOf } from '../../local/iam/roles.ts';
import { grantOf } from '../../local/iam/provision.ts';
import { OPERATOR, openSetup, type RightsSetup } from './rights/setup.ts';
import type { Work } from './rights/work.ts';
import { WORKS } from './rights/works.ts';

let setup: RightsSetup;
let plan: readonly PlannedResource[];
before(async () => {
  setup = await openSetup();
  const config = { ...localStack('carmila'), 'sluice:operators': `user:${OPERATOR}` };
  plan = await planResources({ config, functionUrl: setup.mesh.cloud.functionUrl });
});
after(() => setup.mesh.close());

test('every grant of the program is there for a piece of work that is tried here', () => {
  const granted = plan.filter((resource) => grantOf(resource, setup.mesh.cloud) !== undefined);
  const needed = WORKS.flatMap(({ needs }) => needs);
  assert.deepEqual(needed.toSorted(), granted.map(({ name }) => name).toSorted());
});

for (const work of WORKS) {
  describe(work.what, { skip: work.skip ?? false }, () => {
    test('works with all rights', () => works(work));
    for (const name of work.needs) {
      test(`fails without ${name}, saying so, and publishes nothing`, () => failsWithout(name, work));
    }
    test('works again with all rights', () => works(work));
  });
}

async function works(work: Work): Promise<void> {
  await setup.reset();
  const { isDone, message } = await work.attempt(setup, plan);
  assert.ok(isDone, `${message}\n${setup.mesh.heard.slice(-10).join('\n')}`);
}

async function failsWithout(name: string, work: Work): Promise<void> {
  const { mesh } = setup;
  const planned = plan.find((resource) => resource.name === name);
  const grant = planned && grantOf(planned, mesh.cloud);
  assert.ok(grant, `the program grants no ${name}`);
  // While the right is there: the scene writes to a bucket, which one of them is needed for.
  await setup.reset();
  const before = [await mesh.published(), await mesh.ledger()];
  const since = mesh.heard.length;
  assert.ok(mesh.cloud.iam.revoke(grant), `${name} had not been granted`);
  try {
    const { isDone, message } = await work.attempt(setup, plan);
    assert.equal(isDone, false, `${work.what} without ${name}: it is one too many`);
    const reason = messagesAbout(grant);
    if (!reason.test(message)) await mesh.message(reason, since);
  } finally {
    mesh.cloud.iam.grant(grant);
  }
  assert.deepEqual([await mesh.published(), await mesh.ledger()], before);
}

const DENIAL = 'does not have|denied|not authorized|it takes';

/** A refusal that names the identity or the permission that was taken from it. */
function messagesAbout({ role, member }: Grant): RegExp {
  const custom = plan.find(({ inputs }) => role.endsWith(`/${String(inputs.roleId)}`));
  const permissions = custom?.inputs.permissions ?? [...(permissionsOf(role) ?? [])];
  const email = member.slice(member.indexOf(':') + 1);
  const named = [email, ...(permissions as string[])].map((text) => text.replaceAll('.', '\\.')).join('|');
  return new RegExp(`(${named}).*(${DENIAL})|(${DENIAL}).*(${named})`, 'i');
}
