// The scripts that deploy, run as they are, with stand-ins for what they fetch, what they call and how long they wait.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { arch, platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { LONGEST_PROCESS_MS } from '../waiting.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const { devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  devDependencies: Record<string, string>;
};
const VERSION = devDependencies['@pulumi/pulumi'] ?? '';
const ARCHIVE = `pulumi-v${VERSION}-${platform()}-${arch() === 'x64' ? 'x64' : 'arm64'}.tar.gz`;
const CLI = `.pulumi/sluice-${VERSION}`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-deploy-'));
  for (const name of ['bin', 'served', 'tree/.ci', 'tree/infra', 'tree/dist'])
    mkdirSync(join(folder, name), { recursive: true });
  for (const script of ['deploy', 'pulumi'])
    program(`tree/.ci/${script}`, readFileSync(join(ROOT, '.ci', script), 'utf8'));
  writeFileSync(join(folder, 'tree/package.json'), JSON.stringify({ devDependencies }));
  writeFileSync(join(folder, 'tree/dist/forecast.digest'), 'sha256:feed\n');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function program(path: string, text: string): void {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), text);
  chmodSync(join(folder, path), 0o755);
}

const run = (script: string, ...words: readonly string[]) =>
  spawnSync(join(folder, 'tree/.ci', script), words, {
    encoding: 'utf8',
    timeout: LONGEST_PROCESS_MS,
    env: { HOME: folder, PATH: `${join(folder, 'bin')}:${process.env.PATH}`, SERVED: join(folder, 'served') },
  });

/** What the stand-ins were called with, in order. */
const called = (): readonly string[] => {
  const log = join(folder, 'called');
  return existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : [];
};

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

describe('.ci/deploy', () => {
  /** A Pulumi whose first `up` fail, each saying so. */
  const fails = (times: number, saying: string) => {
    program(
      `${CLI}/pulumi`,
      `#!/usr/bin/env bash\necho "pulumi $*" >> "$HOME/called"\n[ "$1" = up ] || exit 0\n` +
        `ups=$(grep --count "pulumi up" "$HOME/called")\n` +
        `if [ "$ups" -le ${times} ]; then echo "${saying}" >&2; exit 255; fi\n`,
    );
    program('bin/sleep', '#!/usr/bin/env bash\necho "sleep $1" >> "$HOME/called"\n');
  };
  const METRIC = 'Error 404: Cannot find metric(s) that match type = sluice-looks';
  const UP = 'pulumi up --yes --non-interactive --refresh';

  test('deploys the image of the digest in dist, and puts back what was taken away', () => {
    fails(0, '');
    assert.equal(run('deploy', 'staging').status, 0);
    assert.deepEqual(called(), [
      'pulumi stack select --create staging',
      'pulumi config set --stack staging image:forecast sha256:feed',
      UP,
    ]);
  });

  test('with registry makes the registry alone, and needs no image', () => {
    fails(0, '');
    rmSync(join(folder, 'tree/dist'), { recursive: true });
    assert.equal(run('deploy', 'staging', 'registry').status, 0);
    assert.match(called().at(-1) ?? '', /^pulumi up .*--target urn:pulumi:staging::sluice::.*::images$/);
  });

  test('tries again while Google does not know a metric yet', () => {
    fails(2, METRIC);
    const { status, stdout } = run('deploy', 'staging');
    assert.equal(status, 0, stdout);
    assert.deepEqual(called().slice(2), [UP, 'sleep 180', UP, 'sleep 180', UP]);
  });

  test('gives up after five tries in twelve minutes', () => {
    fails(99, METRIC);
    const { status, stderr } = run('deploy', 'staging');
    assert.equal(status, 1);
    assert.match(stderr, /given up after 5 tries/);
    const waits = called().filter((line) => line.startsWith('sleep'));
    assert.deepEqual(waits, ['sleep 180', 'sleep 180', 'sleep 180', 'sleep 180']);
  });

  test('does not try again what waiting cannot mend', () => {
    fails(99, 'Error 403: Permission run.jobs.create denied');
    const { status, stdout } = run('deploy', 'staging');
    assert.equal(status, 1);
    assert.match(stdout, /run\.jobs\.create denied/);
    assert.deepEqual(called().slice(2), [UP]);
  });

  test('wants to be told the stack', () => {
    fails(0, '');
    const { status, stderr } = run('deploy');
    assert.notEqual(status, 0);
    assert.match(stderr, /which stack: staging or production/);
  });
});
