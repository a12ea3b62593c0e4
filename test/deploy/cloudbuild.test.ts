// What ships the mesh names only what is there: the builds, the job's image, the stacks, and the guide to them.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { loadFunctions } from '../../shared/functions/registry.ts';
import { CALLERS } from '../../shared/pipelines/services.ts';
import { camelCase, stackKeyOf } from '../../shared/pipelines/setting.ts';
import { triggerSettings } from '../../shared/pipelines/source-settings.ts';
import { secretSettings } from '../../shared/pipelines/job.ts';
import { loadPipelines } from '../../shared/pipelines/registry.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const BUILDS = ['cloudbuild.yaml', 'promote.yaml'];
const STACKS = ['infra/Pulumi.staging.yaml', 'infra/Pulumi.production.yaml'];
/** The images of the jobs, by their folders. */
const IMAGES = readdirSync(join(ROOT, 'jobs')).filter((name) =>
  existsSync(join(ROOT, 'jobs', name, 'Dockerfile')),
);
const GUIDE = 'docs/DEPLOY.md';
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

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const scripts = Object.keys((JSON.parse(read('package.json')) as { scripts: object }).scripts);
const guide = read(GUIDE);

/** What of a text is not there: npm scripts and paths of the tree, by the words around them. */
function missingIn(text: string): readonly string[] {
  const ran = [...text.matchAll(/\bnpm run (?:-s )?([\w:-]+)/g)].map(([, name = '']) => name);
  const paths = [
    ...text.matchAll(
      /(?<![\w/.@-])((?:\.ci|docs|infra|jobs|test|build|cli|pipelines|functions|shared|local)\/[\w./-]*\w|[\w-]+\.yaml)/g,
    ),
  ].map(([, path = '']) => path);
  return [
    ...ran.filter((name) => !scripts.includes(name)).map((name) => `npm run ${name}`),
    ...paths.filter((path) => !existsSync(join(ROOT, path))),
  ];
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

for (const image of IMAGES) {
  describe(`the image ${image}`, () => {
    const dockerfile = read(`jobs/${image}/Dockerfile`);

    test('copies only what is there, and what is not kept from the build', () => {
      const ignored = read('.dockerignore').split('\n');
      const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, files = '']) =>
        files.split(' '),
      );
      assert.ok(copied.length > 0);
      for (const file of copied) {
        assert.ok(existsSync(join(ROOT, file)), file);
        assert.ok(ignored.includes(`!${file}`), `${file} is not let in by .dockerignore`);
      }
    });

    test('stands on one Debian, by digest, and says which Node it must be', () => {
      const [, version, digest] =
        /^FROM node:([\d.]+)-bookworm-slim@sha256:([0-9a-f]+) AS base$/m.exec(dockerfile) ?? [];
      assert.equal(digest?.length, 64);
      const { devDependencies } = JSON.parse(read('package.json')) as { devDependencies: { node: string } };
      assert.equal(version, devDependencies.node);
      assert.ok(dockerfile.includes(`= v${version}`));
      for (const [, from] of dockerfile.matchAll(/^FROM (\S+)/gm))
        assert.match(from ?? '', /^base$|@sha256:/);
    });

    test('runs as a user who can change nothing, without what only development needs', () => {
      const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));
      assert.match(last, /^USER [1-9]\d*:[1-9]\d*$/m);
      assert.doesNotMatch(last, /--chown|chmod/);
      assert.match(dockerfile, /npm ci --omit=dev/);
    });

    test('takes from the stage of the bundle the bundle alone, which every user may read', () => {
      const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));
      assert.deepEqual(last.match(/^COPY .*$/gm), ['COPY --from=bundle /bundle ./']);
      const bundled = `RUN node build/bundle-job.ts ${image} /bundle && chmod -R u=rwX,go=rX /bundle`;
      assert.ok(dockerfile.split('\n').includes(bundled), `expected ${bundled}`);
    });

    test('starts Node with no shell before it, which would keep SIGTERM from it', () => {
      const started = dockerfile.match(/^(ENTRYPOINT|CMD|SHELL|HEALTHCHECK|STOPSIGNAL) .*$/gm);
      assert.deepEqual(started, ['ENTRYPOINT ["node", "main.mjs"]']);
    });

    test('installs packages of Debian in stated versions alone', () => {
      const installed = [...dockerfile.matchAll(/apt-get install ([^&\n]*)/g)].flatMap(([, words = '']) =>
        words.split(' ').filter((word) => word !== '' && word !== '\\' && !word.startsWith('--')),
      );
      for (const name of installed) assert.match(name, /^[a-z0-9.+-]+=\S+$/);
    });
  });
}

/** Every key that the program reads: those that `infra/settings.ts` names, and what pipelines and functions let a stack say. */
function knownKeys(): readonly string[] {
  const fixed = [...read('infra/settings.ts').matchAll(/'((?:gcp|sluice):\w+)':/g)].map(
    ([, key = '']) => key,
  );
  const ofPipelines = [...loadPipelines().values()].flatMap((pipeline) => [
    `image:${pipeline.job.image}`,
    ...[...triggerSettings(pipeline), ...(pipeline.job.settings ?? []), ...secretSettings(pipeline.job)].map(
      (setting) => stackKeyOf(pipeline.name, setting),
    ),
    ...(pipeline.services === undefined ? [] : [stackKeyOf(pipeline.name, CALLERS)]),
  ]);
  const ofFunctions = [...loadFunctions().values()].flatMap(({ variables }) =>
    Object.entries(variables).flatMap(([name, { from }]) =>
      from.kind === 'setting' ? [`sluice:${camelCase(name)}`] : [],
    ),
  );
  return [...fixed, ...ofPipelines, ...ofFunctions];
}

describe('the stacks', () => {
  const known = knownKeys();

  test('know keys at all', () => {
    for (const key of [
      'gcp:project',
      'gcp:region',
      'sluice:location',
      'carmila:driveFolderId',
      'image:forecast',
    ])
      assert.ok(known.includes(key), `${key} is not among ${known.join(', ')}`);
  });

  for (const stack of STACKS) {
    test(`${stack} says only what the program reads`, () => {
      const { config } = parse(read(stack)) as { config: Record<string, unknown> };
      assert.deepEqual(
        Object.keys(config).filter((key) => !known.includes(key)),
        [],
      );
    });
  }

  test('the guide speaks only of keys that the program reads, and of all that are no setting of a pipeline', () => {
    const spaces = new Set(known.map((key) => key.split(':')[0] ?? ''));
    const spoken = [...guide.matchAll(/\b(([a-z][a-z0-9-]*):[a-z]\w*)\b(?!\/)/g)].flatMap(
      ([, key = '', space = '']) => (spaces.has(space) ? [key] : []),
    );
    for (const key of known.filter((name) => /^(gcp|sluice):/.test(name)))
      assert.ok(spoken.includes(key), `the guide does not mention ${key}`);
    assert.deepEqual(
      spoken.filter((key) => !known.includes(key)),
      [],
    );
  });
});

describe(GUIDE, () => {
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
