// The script that fetches Pulumi and runs it, run as it is, with stand-ins for what it fetches.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { arch, platform } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { CLI, makeScriptTree, VERSION, type ScriptTree } from './script-tree.ts';

const ARCHIVE = `pulumi-v${VERSION}-${platform()}-${arch() === 'x64' ? 'x64' : 'arm64'}.tar.gz`;

let folder: string;
let program: ScriptTree['program'];
let run: ScriptTree['run'];
let called: ScriptTree['called'];
let remove: ScriptTree['remove'];
beforeEach(() => {
  ({ folder, program, run, called, remove } = makeScriptTree());
});
afterEach(() => remove());

describe('.ci/pulumi', () => {
  beforeEach(() => {
    // Serves the file of the address's last part, into the file named before it.
    program(
      'bin/curl',
      '#!/usr/bin/env bash\nwords=("$@")\necho "curl ${words[-1]}" >> "$HOME/called"\n' +
        'cp "$SERVED/$(basename "${words[-1]}")" "${words[-2]}"\n',
    );
    program('made/pulumi/pulumi', '#!/usr/bin/env bash\necho "pulumi $* in $(basename "$PWD")"\n');
    const packed = spawnSync('tar', [
      '-czf',
      join(folder, 'served', ARCHIVE),
      '-C',
      join(folder, 'made'),
      'pulumi',
    ]);
    assert.equal(packed.status, 0);
  });

  const publish = (checksum: string) => {
    writeFileSync(join(folder, 'served', `pulumi-${VERSION}-checksums.txt`), `${checksum}  ${ARCHIVE}\n`);
  };
  const checksum = () =>
    createHash('sha256')
      .update(readFileSync(join(folder, 'served', ARCHIVE)))
      .digest('hex');

  test('fetches the version of package.json once, and runs it in infra', () => {
    publish(checksum());
    for (const word of ['preview', 'version']) {
      const { status, stdout, stderr } = run('pulumi', word);
      assert.equal(status, 0, stderr);
      assert.equal(stdout, `pulumi ${word} in infra\n`);
    }
    assert.deepEqual(called(), [
      `curl https://get.pulumi.com/releases/sdk/${ARCHIVE}`,
      `curl https://github.com/pulumi/pulumi/releases/download/v${VERSION}/pulumi-${VERSION}-checksums.txt`,
    ]);
  });

  test('runs nothing that has another checksum, and keeps nothing of it', () => {
    publish('0'.repeat(64));
    const { status, stdout, stderr } = run('pulumi', 'preview');
    assert.equal(status, 1);
    assert.doesNotMatch(stdout, /pulumi preview/);
    assert.match(stderr, /is not what Pulumi published.*nothing was run/);
    assert.equal(existsSync(join(folder, CLI)), false);
  });

  test('runs nothing that no checksum was published for', () => {
    writeFileSync(
      join(folder, 'served', `pulumi-${VERSION}-checksums.txt`),
      `${checksum()}  another.tar.gz\n`,
    );
    assert.equal(run('pulumi', 'preview').status, 1);
    assert.equal(existsSync(join(folder, CLI)), false);
  });
});
