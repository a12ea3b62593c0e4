// Where the image cannot be built, the check says what is missing and what to type, before it does anything.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { whatIsMissing, type Machine } from './machine.ts';

const able: Machine = { platform: 'linux', user: 0, succeeds: () => true };

test('a machine that has all of it is not refused', () => {
  assert.equal(whatIsMissing(able), undefined);
});

test('programs that are missing are named with the command that installs them', () => {
  const without = (...names: readonly string[]): Machine => ({
    ...able,
    succeeds: (program) => !names.includes(program),
  });
  assert.equal(
    whatIsMissing(without('buildah', 'debootstrap')),
    'not found: buildah, debootstrap. Run: apt-get install --yes --no-install-recommends buildah debootstrap',
  );
  assert.match(whatIsMissing(without('unshare', 'setpriv')) ?? '', /recommends util-linux$/);
});

test('another system, another user than root, and a root that may not mount are named', () => {
  assert.match(whatIsMissing({ ...able, platform: 'darwin' }) ?? '', /^found darwin, expected linux/);
  assert.match(whatIsMissing({ ...able, user: 1000 }) ?? '', /^found user 1000, expected root.*sudo npm run/);
  const unprivileged: Machine = { ...able, succeeds: (_program, ...args) => !args.includes('mount') };
  assert.match(whatIsMissing(unprivileged) ?? '', /^root may not mount here/);
});
