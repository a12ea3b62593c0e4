// What builds and deploys the mesh names only what is there: the builds, and the guide to them.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parse } from 'yaml';
import { GUIDE, missingIn, read, ROOT, scripts, STACKS } from './shipping.ts';

const BUILDS = ['cloudbuild.yaml', 'promote.yaml'];
/** What Cloud Build fills in by itself. */
const BUILT_IN = ['PROJECT_ID', 'SHORT_SHA'];
/** What a step of a build makes for the steps after it. */
const MADE = /^dist(\/|$)/;
/** A tag can be moved to another image, whatever it says; a digest is the image. */
const PINNED = /@sha256:[0-9a-f]{64}$/;

interface Step {
  readonly id: string;
  readonly name: string;
  readonly entrypoint?: string;
  readonly args: readonly string[];
  readonly env?: readonly string[];
}
interface Build {
  readonly steps: readonly Step[];
  readonly substitutions: Readonly<Record<string, string>>;
  readonly tags?: readonly string[];
  readonly options: { readonly dynamicSubstitutions: boolean };
}

/** The substitutions that a build uses and does not define, or defines and does not use. */
function wrongSubstitutions({ steps, substitutions }: Build): readonly string[] {
  const text = JSON.stringify([steps, Object.values(substitutions)]);
  const used = new Set([...text.matchAll(/\$\{?([A-Z_][A-Z0-9_]*)\}?/g)].map(([, name = '']) => name));
  const defined = Object.keys(substitutions);
  return [
    ...[...used].filter((name) => !defined.includes(name) && !BUILT_IN.includes(name)),
    ...defined.filter((name) => !used.has(name)),
  ];
}

/** An argument with the build's own substitutions filled in. */
const filledIn = (text: string, { substitutions }: Build): string =>
  text.replace(/\$\{(_\w+)\}/g, (whole, name: string) => substitutions[name] ?? whole);

describe('the check itself', () => {
  test('takes an image by its digest, and by no tag', () => {
    const digest = `sha256:${'ab'.repeat(32)}`;
    for (const image of [`node@${digest}`, `gcr.io/a/b:1.2.3@${digest}`]) assert.match(image, PINNED);
    for (const image of ['gcr.io/a/b', 'gcr.io/a/b:debug', 'node:24.21.0', `node@${digest.slice(0, -1)}`])
      assert.doesNotMatch(image, PINNED);
  });

  test('finds a script, a path and a substitution that are not there', () => {
    assert.deepEqual(missingIn('npm run bundle, npm run nothing, .ci/run, .ci/walk, nothing.yaml'), [
      'npm run nothing',
      '.ci/walk',
      'nothing.yaml',
    ]);
    const build = {
      steps: [{ id: 'a', name: '${_A}', args: ['$_B', '$PROJECT_ID'] }],
      substitutions: { _A: 'a', _C: 'c' },
      options: { dynamicSubstitutions: true },
    };
    assert.deepEqual(wrongSubstitutions(build), ['_B', '_C']);
  });
});

for (const file of BUILDS) {
  describe(file, () => {
    const build = parse(read(file)) as Build;

    test('names files and scripts that are there', () => {
      assert.deepEqual(missingIn(read(file)), []);
      for (const { id, args, entrypoint } of build.steps) {
        if (entrypoint === 'npm' && args[0] === 'run')
          assert.ok(scripts.includes(args[1] ?? ''), `${id}: ${args}`);
        if (entrypoint === 'bash' || entrypoint === '/busybox/sh')
          assert.ok(existsSync(join(ROOT, args[0] ?? '')), `${id}: ${args}`);
      }
    });

    test('uses every substitution that it defines, and defines every one that it uses', () => {
      assert.deepEqual(wrongSubstitutions(build), []);
      assert.equal(build.options.dynamicSubstitutions, true, 'one substitution is made of others');
    });

    test('gives every step a name of its own, and an image that does not move under it', () => {
      const ids = build.steps.map(({ id }) => id);
      assert.equal(new Set(ids).size, ids.length);
      for (const { id, name } of build.steps) assert.match(name, PINNED, id);
    });

    test('runs the Node that package.json names', () => {
      const { devDependencies } = JSON.parse(read('package.json')) as { devDependencies: { node: string } };
      const nodes = build.steps.map(({ name }) => name).filter((name) => name.startsWith('node'));
      assert.ok(nodes.length > 0);
      for (const name of nodes) assert.ok(name.startsWith(`node:${devDependencies.node}-bookworm@`), name);
    });

    test('bears the tag by which the guide looks for it', () => {
      assert.deepEqual(build.tags, ['sluice']);
      assert.match(read('docs/RESTORE.md'), /--filter='tags=sluice AND/);
    });

    test('deploys a stack that has a file, and the foundation before the images go into their registry', () => {
      const deployed = build.steps
        .filter(({ args }) => args[0] === '.ci/deploy')
        .map(({ args }) => args.slice(1).map((arg) => filledIn(arg, build)));
      const [stack = ''] = deployed[0] ?? [];
      assert.ok(STACKS.includes(`infra/Pulumi.${stack}.yaml`), stack);
      assert.deepEqual(deployed, [[stack, 'foundation'], [stack]]);
      const ids = build.steps.map(({ id }) => id);
      const image = ids.includes('push') ? 'push' : 'images';
      assert.ok(ids.indexOf('foundation') < ids.indexOf(image) && ids.indexOf(image) < ids.indexOf('deploy'));
    });

    test('takes images to and from the registry in which the job of each stack looks for them', () => {
      for (const stack of STACKS) {
        const { config } = parse(read(stack)) as { config: Record<string, string> };
        assert.equal(
          build.substitutions._JOB_REGION,
          config['sluice:jobRegion'] ?? config['gcp:region'],
          stack,
        );
      }
      const images = Object.values(build.substitutions).filter((value) => value.includes('-docker.pkg.dev/'));
      assert.ok(images.length > 0);
      for (const image of images) assert.match(image, /^\$\{_JOB_REGION\}-docker\.pkg\.dev\/[^/]+\/sluice$/);
    });
  });
}

test('a commit is tested and audited before anything is made of it', () => {
  const { steps } = parse(read('cloudbuild.yaml')) as Build;
  assert.deepEqual(
    steps.slice(0, 3).map(({ args }) => args),
    [['.ci/run'], ['.ci/audit'], ['run', 'bundle']],
  );
});

test('staging comes before production: production builds nothing, it takes what staging made', () => {
  const [staging, production] = BUILDS.map((file) => parse(read(file)) as Build);
  const made = staging?.steps.at(-1)?.args.at(-1) ?? '';
  const taken = production?.steps[0]?.args.at(-2) ?? '';
  assert.equal(made, '${_STATE}/releases/${SHORT_SHA}/');
  assert.equal(taken, 'gs://${_STAGING_PROJECT}-sluice-state/releases/${SHORT_SHA}/dist');
  for (const { name, args } of production?.steps ?? []) {
    assert.doesNotMatch(name, /builders\/docker/);
    assert.ok(!args.includes('bundle'), 'what production runs was not on staging');
  }
});

describe(GUIDE, () => {
  const guide = read(GUIDE);

  test('names files and scripts that are there', () => {
    assert.deepEqual(
      missingIn(guide).filter((path) => !MADE.test(path)),
      [],
    );
  });

  test('explains every substitution and every stack', () => {
    for (const name of ['_STAGING_PROJECT', '_JOB_REGION', '_STACK']) assert.ok(guide.includes(name), name);
    for (const stack of STACKS) assert.ok(guide.includes(stack), stack);
  });
});
