// The script that builds, pushes and copies the images of the jobs, run as it is, with stand-ins for what it calls.
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { makeScriptTree, type ScriptTree } from './script-tree.ts';

let folder: string;
let program: ScriptTree['program'];
let run: ScriptTree['run'];
let called: ScriptTree['called'];
let remove: ScriptTree['remove'];
beforeEach(() => {
  ({ folder, program, run, called, remove } = makeScriptTree());
});
afterEach(() => remove());

describe('.ci/images', () => {
  beforeEach(() => {
    const words = 'echo "$(basename "$0") $*" >> "$HOME/called"\n';
    program(
      'bin/docker',
      `#!/bin/sh\n${words}if [ "$1" = inspect ]; then eval image=\\$$#; echo "\${image%:*}@sha256:beef"; fi\n`,
    );
    program('bin/crane', `#!/bin/sh\n${words}`);
    for (const name of ['forecast', 'grid']) program(`tree/jobs/${name}/Dockerfile`, 'FROM scratch\n');
    mkdirSync(join(folder, 'tree/jobs/no-image'));
    rmSync(join(folder, 'tree/dist'), { recursive: true });
  });
  const digests = () =>
    readdirSync(join(folder, 'tree/dist')).map(
      (file) => `${file} ${readFileSync(join(folder, 'tree/dist', file), 'utf8').trim()}`,
    );

  test('builds and pushes the image of every job that has a Dockerfile, and keeps their digests', () => {
    assert.equal(run('images', 'build', 'here/sluice', 'abc').status, 0);
    assert.deepEqual(called(), [
      'docker build --file=jobs/forecast/Dockerfile --tag=here/sluice/forecast:abc .',
      'docker build --file=jobs/grid/Dockerfile --tag=here/sluice/grid:abc .',
    ]);
    const { status, stderr } = run('images', 'push', 'here/sluice', 'abc');
    assert.equal(status, 0, stderr);
    assert.deepEqual(digests(), ['forecast.digest sha256:beef', 'grid.digest sha256:beef']);
    assert.ok(called().includes('docker push here/sluice/grid:abc'));
  });

  test('copies what was pushed, by its digest', () => {
    assert.equal(run('images', 'copy', 'here', 'there', 'abc').status, 1, 'there is no digest');
    run('images', 'push', 'here', 'abc');
    assert.equal(run('images', 'copy', 'here', 'there', 'abc').status, 0);
    assert.deepEqual(called().slice(-2), [
      'crane copy here/forecast@sha256:beef there/forecast:abc',
      'crane copy here/grid@sha256:beef there/grid:abc',
    ]);
  });

  test('stops at an image that is not built, and keeps no digest of it', () => {
    program('bin/docker', '#!/bin/sh\nexit 3\n');
    for (const verb of ['build', 'push']) assert.notEqual(run('images', verb, 'here', 'abc').status, 0, verb);
    assert.deepEqual(digests(), []);
  });
});
