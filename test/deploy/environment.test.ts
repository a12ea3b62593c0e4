// Every function and the job, started with each variable that infra gives it missing or wrong: one message, naming it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { planResources, type PlannedResource } from '../../infra/plan.ts';
import { readConfig } from '../../jobs/forecast/config.ts';
import { ConfigurationError } from '../../shared/errors.ts';
import { loadFunctions } from '../../shared/functions/registry.ts';
import { deployedFunctions } from '../../shared/functions/services.ts';
import { watchesOf } from '../../shared/pipelines/pipeline.ts';
import { loadPipelines } from '../../shared/pipelines/registry.ts';
import { stackKeyOf, variableOf } from '../../shared/pipelines/setting.ts';
import { neededSettings, triggerSettings } from '../../shared/pipelines/source-settings.ts';

const ROOT = new URL('../../', import.meta.url);
/** So that every function with a deployment in the tree is started: Carmila, and each pipeline that has services. */
const PIPELINES = [...loadPipelines().values()].filter(
  ({ name, services }) => name === 'carmila' || services !== undefined,
);
const CONFIG = {
  ...Object.fromEntries(
    watchesOf(PIPELINES).flatMap(({ name, trigger }) =>
      neededSettings(trigger.source).map((setting) => [stackKeyOf(name, setting), `source-of-${name}`]),
    ),
  ),
  'gcp:project': 'contract',
  'gcp:region': 'europe-west9',
  'carmila:driveFolderId': 'folder',
  'carmila:settleSeconds': '60',
  'carmila:xgboostLibrary': '/lib/libxgboost.so',
};
// What start-run says of an execution, besides what infra says of the job.
const EXECUTION = { PIPELINE: 'carmila', RUN_ID: '000005-3fa9c1d2', ATTEMPT: '1' };
/** A fallback stands in for these. */
const MAY_BE_MISSING = /^(CARMILA_SETTLE_SECONDS|COUNTRY|ENGINE_FALLBACK|XGBOOST_LIBRARY)$/;
/** Any text will do; it is wrong only when there is none. */
const ANY_TEXT = /^XGBOOST_LIBRARY$/;

const ofSources = new Set(
  [...loadPipelines().values()].flatMap((pipeline) =>
    triggerSettings(pipeline).map((setting) => variableOf(pipeline.name, setting)),
  ),
);

const DEPLOYED = deployedFunctions(loadFunctions(), PIPELINES);

type Env = Readonly<Record<string, string>>;

let plan: readonly PlannedResource[];
const functionEnvs = new Map<string, Env>();
let jobEnv: Env;
before(async () => {
  plan = await planResources({
    config: CONFIG,
    functionUrl: (name) => `https://${name}-example.a.run.app`,
  });
  for (const { name, inputs } of ofType('cloudfunctionsv2/function:Function')) {
    const { environmentVariables } = inputs.serviceConfig as { environmentVariables: Env };
    functionEnvs.set(name, environmentVariables);
  }
  for (const { name, inputs } of ofType('cloudrunv2/service:Service')) {
    // The framework reads it, and would take its absence for another function.
    const { FUNCTION_TARGET, ...env } = envOf(inputs.template as Template);
    assert.equal(FUNCTION_TARGET, DEPLOYED.get(name)?.source);
    functionEnvs.set(name, env);
  }
  const job = ofType('cloudrunv2/job:Job').find(({ name }) => name === 'carmila-forecast');
  assert.ok(job);
  const { template } = job.inputs.template as { template: Template };
  jobEnv = { ...envOf(template), ...EXECUTION };
});

interface Template {
  readonly containers: readonly { readonly envs: readonly { name: string; value: string }[] }[];
}
const envOf = ({ containers }: Template): Env =>
  Object.fromEntries((containers[0]?.envs ?? []).map(({ name, value }) => [name, value]));

const ofType = (type: string) => plan.filter((resource) => resource.type === `gcp:${type}`);

/** Each variable missing, empty and wrong, where that is an error. */
const brokenOnes = (env: Env): [variable: string, found: RegExp, broken: Record<string, string>][] =>
  Object.keys(env).flatMap((variable) => {
    const without = Object.fromEntries(Object.entries(env).filter(([name]) => name !== variable));
    const found = (what: string) => new RegExp(`^ *${variable}: found ${what}; expected `, 'm');
    return [
      ...(MAY_BE_MISSING.test(variable) ? [] : [[variable, found('nothing'), without] as const]),
      [variable, found('""'), { ...env, [variable]: '' }],
      ...(ANY_TEXT.test(variable)
        ? []
        : [[variable, found('" ! "'), { ...env, [variable]: ' ! ' }] as const]),
    ].map(([name, message, broken]) => [name, message, broken] as [string, RegExp, Record<string, string>]);
  });

/** The problem and no other: a function that reads its variables one by one would report them one by one. */
function reportsOf(found: RegExp, problems: number): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof ConfigurationError, String(error));
    assert.match(error.message, found);
    assert.equal(error.message.split('\n').length - 1, problems, error.message);
    return true;
  };
}

let starts = 0;

/** Starts a function as its host does, by its entry, in this environment and no other. */
async function start(name: string, env: Env): Promise<void> {
  const kept = { ...process.env };
  for (const variable of Object.keys(functionEnvs.get(name) ?? {}))
    Reflect.deleteProperty(process.env, variable);
  // No function makes a call here, and no metadata server is asked whether this machine is Google's.
  Object.assign(process.env, env, { METADATA_SERVER_DETECTION: 'none' });
  try {
    // A module is evaluated once by its address.
    await import(new URL(`functions/${DEPLOYED.get(name)?.source}/index.ts?start=${starts++}`, ROOT).href);
  } finally {
    for (const variable of Object.keys(env)) Reflect.deleteProperty(process.env, variable);
    Object.assign(process.env, kept);
  }
}

describe('a function', () => {
  test('starts with what infra gives it', async () => {
    assert.deepEqual([...functionEnvs.keys()].toSorted(), [...DEPLOYED.keys()].toSorted());
    for (const [name, env] of functionEnvs) await start(name, env);
  });

  test('refuses to start when any one variable is missing or wrong, and names it', async () => {
    for (const [name, env] of functionEnvs) {
      for (const [variable, found, broken] of brokenOnes(env)) {
        await assert.rejects(start(name, broken), reportsOf(found, 1), `${name} without its ${variable}`);
      }
    }
  });

  test('reports all missing variables at once', async () => {
    for (const [name, env] of functionEnvs) {
      // Which settings of sources are missing, only the list of pipelines says.
      const needed = Object.keys(env).filter(
        (variable) => !MAY_BE_MISSING.test(variable) && !ofSources.has(variable),
      );
      await assert.rejects(start(name, {}), reportsOf(/GOOGLE_CLOUD_PROJECT: found nothing/, needed.length));
    }
  });
});

describe('the job', () => {
  test('reads what infra gives it, and nothing less', () => {
    assert.ok(readConfig(jobEnv));
    for (const [, found, broken] of brokenOnes(jobEnv)) {
      assert.throws(() => readConfig(broken), reportsOf(found, 1));
    }
  });

  test('ends at once, with all that is missing in one message', () => {
    const main = fileURLToPath(new URL('jobs/forecast/main.ts', ROOT));
    const { status, stdout } = spawnSync(process.execPath, [main], { env: {}, encoding: 'utf8' });
    assert.equal(status, 1);
    const { message } = JSON.parse(stdout) as { message: string };
    const needed = Object.keys(jobEnv).filter((variable) => !MAY_BE_MISSING.test(variable));
    for (const variable of needed) assert.match(message, new RegExp(`^ *${variable}: found nothing`, 'm'));
  });
});

describe("the stack's configuration", () => {
  const planned = (config: Record<string, string>) => planResources({ config, functionUrl: () => '' });

  test('is refused whole: every key that is missing or wrong stands in one message', async () => {
    const wrong = {
      'gcp:region': 'europe-west99',
      'sluice:location': 'Europe',
      'sluice:overdueSeconds': 'soon',
      'sluice:minimumBackoff': '10',
      'sluice:operators': 'user:ada@example.org bob@example.org',
      'carmila:settleSeconds': '5m',
    };
    await assert.rejects(planned(wrong), (error: Error) => {
      for (const key of [...Object.keys(wrong), 'gcp:project', 'carmila:driveFolderId']) {
        assert.match(error.message, new RegExp(`^ *${key}: found .*; expected `, 'm'), key);
      }
      return true;
    });
  });

  test('names the two regions that the mesh was asked for', async () => {
    for (const region of ['europe-west1', 'europe-west9']) {
      const resources = await planned({ ...CONFIG, 'gcp:region': region, 'sluice:location': region });
      assert.ok(resources.length > 0);
    }
  });
});
