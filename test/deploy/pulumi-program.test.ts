// The infra program under Pulumi's own Node runner, as `pulumi up` starts it, over an engine that makes nothing.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { planResources } from '../../infra/plan.ts';
import { ARCHIVE } from '../../infra/sources.ts';
import { loadFunctions } from '../../shared/functions/registry.ts';
import { matches, openEngine, PROJECT, STACK_TYPE, type Registered } from './pulumi-engine.ts';
import { LONGEST_PROCESS_MS } from '../waiting.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const RUNNER = createRequire(import.meta.url).resolve('@pulumi/pulumi/cmd/run/index.js');
const STACKS = ['staging', 'production'];

type Config = Readonly<Record<string, string>>;

/** Archives such as `npm run bundle` makes; the program reads no more of them than their bytes. */
const archives = mkdtempSync(join(tmpdir(), 'sluice-archives-'));
before(() => {
  for (const { name, runsAs } of loadFunctions().values())
    writeFileSync(join(archives, `${name}.${ARCHIVE[runsAs]}`), name);
});
after(() => {
  rmSync(archives, { recursive: true });
});

/** What the stack's file says, and what a build adds to it. */
const configOf = (stack: string): Config => ({
  ...(parse(readFileSync(join(ROOT, `infra/Pulumi.${stack}.yaml`), 'utf8')) as { config: Config }).config,
  'image:forecast': `sha256:${'ab'.repeat(32)}`,
  'sluice:functionsFolder': archives,
});

const foundation = readFileSync(join(ROOT, '.ci/foundation'), 'utf8').trim().split('\n');

interface Run {
  readonly status: unknown;
  readonly resources: readonly Registered[];
  readonly errors: string;
  readonly outputs: unknown;
}

interface Options {
  readonly preview?: boolean;
  readonly targets?: readonly string[];
}

/** Runs the program as Pulumi's language host does: the same file, directory, arguments and variables. */
async function run(stack: string, config: Config, options: Options = {}): Promise<Run> {
  const { preview = false, targets = [] } = options;
  const engine = await openEngine({ stack, preview, targets, gcpProject: config['gcp:project'] ?? '' });
  try {
    const infra = join(ROOT, 'infra');
    const { main } = parse(readFileSync(join(infra, 'Pulumi.yaml'), 'utf8')) as { main: string };
    const child = spawn(
      process.execPath,
      [
        RUNNER,
        `--monitor=${engine.address}`,
        `--engine=${engine.address}`,
        `--project=${PROJECT}`,
        `--stack=${stack}`,
        `--pwd=${infra}`,
        `--root-directory=${infra}`,
        '--parallel=16',
        ...(preview ? ['--dry-run'] : []),
        main,
      ],
      {
        cwd: infra,
        env: {
          PATH: process.env.PATH,
          HOME: tmpdir(),
          PULUMI_CONFIG: JSON.stringify(config),
          PULUMI_NODEJS_TYPESCRIPT: 'false',
        },
        timeout: LONGEST_PROCESS_MS,
      },
    );
    const [printed, status] = await Promise.all([
      text(child.stderr),
      new Promise((ended) => child.on('close', ended)),
      text(child.stdout),
    ]);
    const { resources } = engine;
    return { status, resources, errors: [...engine.errors, printed].join('\n'), outputs: engine.outputs() };
  } finally {
    engine.close();
  }
}

const listed = (resources: readonly { readonly type: string; readonly name: string }[]) =>
  resources.map(({ type, name }) => `${type} ${name}`).toSorted();
const planFor = (config: Config) =>
  planResources({ config, functionUrl: (name) => `https://${name}.example` });
const withoutStack = ({ resources }: Run) => resources.filter(({ type }) => type !== STACK_TYPE);

for (const stack of STACKS) {
  test(`the program registers for ${stack} what the plan lists, and the stack has no outputs`, async () => {
    const config = configOf(stack);
    const ran = await run(stack, config);
    assert.equal(ran.status, 0, ran.errors);
    const plan = await planFor(config);
    const planned = plan.filter(({ type }) => type !== STACK_TYPE);
    assert.ok(planned.length > 100, `${planned.length} resources`);
    assert.deepEqual(listed(withoutStack(ran)), listed(planned));
    assert.deepEqual(ran.outputs, {});
    for (const { name, inputs } of ran.resources.filter(({ type }) => type.endsWith(':BucketObject')))
      assert.match(
        String(inputs.name),
        new RegExp(`^${name.replace('source-', '')}-[0-9a-f]{16}\\.(zip|tar\\.gz)$`),
      );
  });
}

test('a preview registers the same, although it knows nothing that Google would answer', async () => {
  const config = configOf('staging');
  const ran = await run('staging', config, { preview: true });
  assert.equal(ran.status, 0, ran.errors);
  const plan = await planFor(config);
  assert.deepEqual(listed(withoutStack(ran)), listed(plan.filter(({ type }) => type !== STACK_TYPE)));
});

describe('the foundation', () => {
  const targets = foundation.map((target) => `urn:pulumi:staging::${PROJECT}::gcp:${target}`);

  const twoRegions = configOf('staging');
  const { 'sluice:jobRegion': jobRegion, ...oneRegion } = twoRegions;
  let inTwoRegions: Run;
  before(async () => {
    inTwoRegions = await run('staging', twoRegions, { targets });
  });

  /**
   * An output of what is made later is undefined here, and Pulumi forgets what an undefined output came from: so
   * the inputs are compared as well, with those of the plan.
   */
  async function assertComplete({ status, errors, resources }: Run, config: Config, registries: number) {
    assert.equal(status, 0, errors);
    const made = resources.filter(({ targeted }) => targeted);
    const later = new Set(
      resources.filter(({ targeted, type }) => !targeted && type !== STACK_TYPE).map(({ urn }) => urn),
    );
    assert.ok(made.length > 10 && later.size > 50, `${made.length} and ${later.size}`);
    const plan = await planFor(config);
    for (const { urn, type, name, inputs, dependencies } of made) {
      const planned = plan.find((resource) => resource.type === type && resource.name === name);
      assert.deepEqual(inputs, JSON.parse(JSON.stringify(planned?.inputs)), urn);
      assert.deepEqual(
        dependencies.filter((dependency) => later.has(dependency)),
        [],
        urn,
      );
    }
    assert.equal(made.filter(({ type }) => type.endsWith(':Repository')).length, registries);
  }

  test('is complete: nothing in it needs what is made after it', async () => {
    assert.ok(jobRegion);
    await assertComplete(inTwoRegions, twoRegions, 2);
  });

  test('is complete where the job runs in the region of the functions, too', async () => {
    await assertComplete(await run('staging', oneRegion, { targets }), oneRegion, 1);
  });

  test('has what the build of a function needs, and no line for nothing', () => {
    const { resources } = inTwoRegions;
    const build = resources.filter(
      ({ type, name }) => /I[aA][mM]Member$/.test(type) && name.startsWith('build-'),
    );
    assert.equal(build.length, 3);
    for (const { urn, targeted } of build) assert.ok(targeted, urn);
    for (const target of targets)
      assert.ok(
        resources.some(({ urn }) => matches(target, urn)),
        target,
      );
  });
});

describe('a program that cannot run', () => {
  test('names every setting that is missing, and registers nothing', async () => {
    const { status, resources, errors } = await run('staging', { 'gcp:region': 'nowhere' });
    assert.notEqual(status, 0);
    for (const key of ['gcp:project', 'carmila:driveFolderId'])
      assert.match(errors, new RegExp(`${key}: found nothing; expected `), key);
    assert.match(errors, /gcp:region: found "nowhere"/);
    assert.deepEqual(
      resources.filter(({ type }) => type !== STACK_TYPE),
      [],
    );
  });

  test('says which bundle is missing, and what makes it', async () => {
    const { status, errors } = await run('staging', {
      ...configOf('staging'),
      'sluice:functionsFolder': '/nowhere',
    });
    assert.notEqual(status, 0);
    // Whichever is made first.
    assert.match(
      errors,
      /\/nowhere\/([a-z-]+)\.(zip|tar\.gz), the source of \1, does not exist; npm run bundle/,
    );
  });
});
