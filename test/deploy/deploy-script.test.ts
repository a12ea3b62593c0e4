// The script that deploys, run as it is, with stand-ins for what it calls and how long it waits.
import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { CLI, makeScriptTree, type ScriptTree } from './script-tree.ts';

const FOUNDATION = new URL('../../.ci/foundation', import.meta.url);

let folder: string;
let program: ScriptTree['program'];
let run: ScriptTree['run'];
let called: ScriptTree['called'];
let remove: ScriptTree['remove'];
beforeEach(() => {
  ({ folder, program, run, called, remove } = makeScriptTree());
});
afterEach(() => remove());

describe('.ci/deploy', () => {
  /** A Pulumi whose first updates print this and fail; the later ones print what they are given, and succeed. */
  const fails = (times: number, saying: string, later = '') => {
    writeFileSync(join(folder, 'served/refused'), `${saying}\n`);
    writeFileSync(join(folder, 'served/later'), `${later}\n`);
    program(
      `${CLI}/pulumi`,
      `#!/usr/bin/env bash\necho "pulumi $*" >> "$HOME/called"\n` +
        `case "$1 \${2-}" in 'config get') [ "\${@: -1}" = gcp:project ] && echo my-project || echo europe-west1 ;; esac\n` +
        `[ "$1" = import ] && echo 'error: not found' >&2 && exit 1\n` +
        `[ "$1" = up ] || exit 0\n` +
        `ups=$(grep --count "pulumi up" "$HOME/called")\n` +
        `if [ "$ups" -le ${times} ]; then cat "$SERVED/refused" >&2; exit 255; fi\ncat "$SERVED/later"\n`,
    );
    program('bin/sleep', '#!/usr/bin/env bash\necho "sleep $1" >> "$HOME/called"\n');
  };
  const METRIC = 'Error 404: Cannot find metric(s) that match type = sluice-polls';
  const BUILD =
    'Build failed with status: FAILURE and message: failed to Fetch: failed to download archive ' +
    'gs://gcf-v2-sources-1-europe-west1/start-run/function-source.zip: Access to bucket ' +
    'gcf-v2-sources-1-europe-west1 denied. You must grant Storage Object Viewer permission to ' +
    'sluice-build@my-project.iam.gserviceaccount.com.';
  const UP = 'pulumi up --yes --non-interactive --refresh';
  const CREATED = ' +  gcp:serviceaccount:Account build created (1s)';
  const UNCHANGED = 'Resources:\n    150 unchanged';
  /** What Pulumi prints at the end of an update that failed: each failed resource with its error. */
  const diagnostics = (failures: Readonly<Record<string, string>>, ...before: readonly string[]) =>
    [
      ...before,
      'Diagnostics:',
      ...Object.entries(failures).map(
        ([resource, error]) => `  ${resource}:\n    error: 1 error occurred:\n    \t* ${error}\n`,
      ),
      '  pulumi:pulumi:Stack (sluice-staging):\n    error: update failed\n',
      'Resources:\n    + 12 created\n\nDuration: 3m2s',
    ].join('\n');
  const waits = () => called().filter((line) => line.startsWith('sleep'));

  test('deploys the images of the digests in dist, and puts back what was taken away', () => {
    fails(0, '');
    writeFileSync(join(folder, 'tree/dist/grid.digest'), 'sha256:beef\n');
    assert.equal(run('deploy', 'staging').status, 0);
    assert.deepEqual(called(), [
      'pulumi stack select --create staging',
      'pulumi config set --stack staging image:forecast sha256:feed',
      'pulumi config set --stack staging image:grid sha256:beef',
      UP,
    ]);
  });

  describe('with foundation', () => {
    test('makes what has to stand before the rest, and needs no image', () => {
      fails(0, '', UNCHANGED);
      rmSync(join(folder, 'tree/dist'), { recursive: true });
      assert.equal(run('deploy', 'staging', 'foundation').status, 0);
      const up = called().at(-1) ?? '';
      assert.match(up, /^pulumi up --yes --non-interactive --skip-preview --target /);
      const targets = [...up.matchAll(/--target (\S+)/g)].map(([, target]) => target);
      const listed = readFileSync(FOUNDATION, 'utf8').trim().split('\n');
      assert.deepEqual(
        targets,
        listed.map((target) => `urn:pulumi:staging::sluice::gcp:${target}`),
      );
    });

    test('waits for the grants of identities that it has created', () => {
      fails(0, '', `${CREATED}\n${UNCHANGED}`);
      const { status, stdout } = run('deploy', 'staging', 'foundation');
      assert.equal(status, 0);
      assert.match(stdout, /waiting 120 seconds for the new identities and grants/);
      assert.deepEqual(waits(), ['sleep 120']);
    });

    test('does not wait where it has created none', () => {
      fails(0, '', ` +  gcp:artifactregistry:Repository images created (1s)\n${UNCHANGED}`);
      assert.equal(run('deploy', 'staging', 'foundation').status, 0);
      assert.deepEqual(waits(), []);
    });

    test('tries again when an agent that it has just asked for is not known yet', () => {
      const agent = 'service-1@gcp-sa-pubsub.iam.gserviceaccount.com';
      fails(
        1,
        diagnostics(
          {
            'gcp:kms:CryptoKeyIAMMember (messages-agent-encrypts)': `Error 400: Service account ${agent} does not exist.`,
          },
          ' +  gcp:projects:ServiceIdentity pubsub created (1s)',
        ),
      );
      const { status, stdout } = run('deploy', 'staging', 'foundation');
      assert.equal(status, 0, stdout);
      assert.deepEqual(waits(), ['sleep 180', 'sleep 120']);
    });
  });

  for (const [cause, saying] of Object.entries({
    'the new metrics in Cloud Monitoring': METRIC,
    'the grants of the identity that builds': BUILD,
    'new service accounts and roles':
      'Error 400: Service account sluice-build@my-project.iam.gserviceaccount.com does not exist.',
    'new grants to take effect': 'rpc error: code = PermissionDenied, reason: IAM_PERMISSION_DENIED',
    'the right of .* to use the key':
      'Permission denied on Cloud KMS key. Please ensure that your service account',
  })) {
    test(`tries again while it waits for ${cause}, and reports it`, () => {
      fails(2, saying);
      const { status, stdout } = run('deploy', 'staging');
      assert.equal(status, 0, stdout);
      assert.deepEqual(called().slice(2), [UP, 'sleep 180', UP, 'sleep 180', UP]);
      assert.match(stdout, new RegExp(`once more in 180 seconds, waiting for .*${cause}`));
    });
  }

  test('gives up after five tries in twelve minutes', () => {
    fails(99, METRIC);
    const { status, stderr } = run('deploy', 'staging');
    assert.equal(status, 1);
    assert.match(stderr, /stopped after 5 attempts, waiting for .*Cloud Monitoring/);
    assert.deepEqual(waits(), ['sleep 180', 'sleep 180', 'sleep 180', 'sleep 180']);
  });

  test('gives up on a denied permission after four tries', () => {
    fails(99, 'Error 403: PERMISSION_DENIED');
    assert.equal(run('deploy', 'staging').status, 1);
    assert.equal(waits().length, 3);
  });

  test('takes over a function whose build failed before it tries again', () => {
    fails(1, diagnostics({ 'gcp:cloudfunctionsv2:Function (start-run)': BUILD }, CREATED));
    const { status, stdout } = run('deploy', 'staging');
    assert.equal(status, 0, stdout);
    assert.deepEqual(called().slice(2), [
      UP,
      'sleep 180',
      'pulumi config get --stack staging gcp:project',
      'pulumi config get --stack staging gcp:region',
      'pulumi import --yes --non-interactive --stack staging --protect=false --generate-code=false ' +
        'gcp:cloudfunctionsv2/function:Function start-run ' +
        'projects/my-project/locations/europe-west1/functions/start-run',
      UP,
    ]);
  });

  describe('does not try again what waiting cannot mend', () => {
    const stops = (saying: string, why: RegExp) => {
      fails(99, saying);
      const { status, stdout, stderr } = run('deploy', 'staging');
      assert.equal(status, 1);
      assert.ok(stdout.includes(saying.split('\n').at(0) ?? ''));
      assert.match(stderr, why);
      assert.deepEqual(called().slice(2), [UP]);
    };

    test('a right that the deployer lacks', () => {
      stops('Error 403: Permission run.jobs.create denied', /the deployment failed/);
      rmSync(join(folder, 'called'));
      const lacks =
        'PERMISSION_DENIED: sluice-deploy@my-project.iam.gserviceaccount.com lacks run.jobs.create';
      stops(lacks, /waiting does not help/);
    });

    test('a denied permission where no identity and no grant is new', () => {
      const bucket = { 'gcp:storage:Bucket (runs)': 'Error 403: PERMISSION_DENIED' };
      stops(
        diagnostics(bucket, ' +  gcp:storage:Bucket audit created (1s)'),
        /gcp:storage:Bucket \(runs\) failed/,
      );
    });

    test('a person or a group that does not exist, although identities are new', () => {
      const group = {
        'gcp:storage:BucketIAMMember (x)': 'Error 400: Group night@example.org does not exist.',
      };
      stops(diagnostics(group, CREATED), /BucketIAMMember \(x\) failed/);
    });

    test('a failure that passes, beside one that does not', () => {
      const both = {
        'gcp:monitoring:AlertPolicy (alert-not-fresh)': METRIC,
        'gcp:cloudscheduler:Job (sweep)': 'Error 400: Invalid schedule',
      };
      stops(diagnostics(both), /gcp:cloudscheduler:Job \(sweep\) failed/);
    });

    test('a program that does not run', () => {
      stops(
        'Diagnostics:\n  pulumi:pulumi:Stack (sluice-staging):\n    error: Running program failed:\n' +
          "    ConfigurationError: the stack's configuration is wrong\n",
        /pulumi:pulumi:Stack \(sluice-staging\) failed/,
      );
    });

    test('a function that the state does not know, and says where the command is', () => {
      const exists = { 'gcp:cloudfunctionsv2:Function (start-run)': 'Error 409: Resource already exists' };
      stops(diagnostics(exists), /the function start-run exists but is not in the state.*docs\/DEPLOY/);
    });
  });

  test('requires the stack', () => {
    fails(0, '');
    const { status, stderr } = run('deploy');
    assert.notEqual(status, 0);
    assert.match(stderr, /which stack: staging or production/);
  });
});
