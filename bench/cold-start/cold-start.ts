// What a cold start costs: each function's bundle against a bare function that the framework's command starts unbundled.
import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { planResources } from '../../infra/plan.ts';
import { localStack } from '../../cli/local-mesh.ts';
import { OPERATOR } from '../../local/http/api.ts';
import { writeSample } from '../../local/sample/sample.ts';
import { buildFunctions } from '../../test/mesh/built.ts';
import { hasProcFolder } from '../load/peak.ts';
import { medianOf, type Bench, type Measure } from '../measure.ts';
import { startMesh, type Mesh } from '../mesh/start-mesh.ts';
import { SAMPLE } from '../source-folder.ts';
import { firstUses, pageCase, usualCases, type Case } from './requests.ts';
import { cpuToFirstAnswer, type Start } from './start.ts';

const REPEATS = 15;
/** First uses are shown beside the others and held to no goal. */
const FIRST_USES = 5;
const MOST_TIMES_THE_FLOOR = 1.5;
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const HELLO = 'hello';
export const HELLO_CASE: Case = {
  function: HELLO,
  says: 'a bare function, unbundled, started by the framework’s command',
  request: () => ({
    path: '/',
    headers: {},
    body: {},
    isRight: (status, body) => status === 200 && body === HELLO,
  }),
};

export const coldStart: Bench = {
  name: 'cold-start',
  about: "the processor time of each function's bundle, from its spawn to its first answer",
  async run({ folder, progress }) {
    if (!hasProcFolder()) return { skipped: 'processor time is read from /proc, which is not here' };
    progress('bundling, and building as the buildpack does');
    const built = join(folder, 'functions');
    await buildFunctions(built);
    const mesh = await startMesh(join(folder, 'mesh'));
    try {
      await writeSample(mesh.drive, SAMPLE);
      progress('running the mesh once on the sample');
      const { run } = await mesh.tickTo('published');
      if (run === null) throw new Error('a published tick names no run');
      // From here on nothing moves but what is measured.
      await mesh.cloud.pubsub.stop();
      await mesh.cloud.functions.stop();
      const starts = { ...(await startsOf(mesh, built)), [HELLO]: hello(join(folder, 'hello')) };
      const spent = new Map<Case, number[]>();
      const assertion = await mesh.cloud.iap.assertionFor(OPERATOR);
      const usual = [...usualCases(mesh, run), pageCase(assertion)];
      const first = firstUses(mesh);
      for (let repeat = 1; repeat <= REPEATS; repeat++) {
        progress(`cold starts, round ${repeat} of ${REPEATS}`);
        for (const each of shuffled([HELLO_CASE, ...usual])) await measure(spent, starts, each);
      }
      for (let repeat = 1; repeat <= FIRST_USES; repeat++) {
        progress(`first uses, round ${repeat} of ${FIRST_USES}`);
        for (const each of first) await measure(spent, starts, each);
      }
      return measuresOf(spent, usual, first);
    } finally {
      await mesh.close();
    }
  },
};

async function measure(
  spent: Map<Case, number[]>,
  starts: Readonly<Record<string, Start>>,
  each: Case,
): Promise<void> {
  const start = starts[each.function];
  if (start === undefined) throw new Error(`the program deploys no function ${each.function}`);
  const { ms, body } = await cpuToFirstAnswer(start, each.request());
  spent.set(each, [...(spent.get(each) ?? []), ms]);
  await each.after?.(body);
}

/** Each function as it is started when deployed: by its installed command, in the environment that the program gives it. */
async function startsOf({ cloud }: Mesh, built: string): Promise<Record<string, Start>> {
  const config = { ...localStack('carmila'), 'carmila:settleSeconds': '0' };
  const planned = await planResources({ config, functionUrl: cloud.functionUrl });
  const starts: Record<string, Start> = {};
  for (const { type, name, inputs } of planned) {
    const deployed = deployedAs(type, inputs);
    if (deployed === undefined) continue;
    const identity = await cloud.envOf(deployed.account);
    const env = { ...identity, ...deployed.variables };
    starts[name] = startOf(join(built, name), join(built, name), name, env);
  }
  return starts;
}

interface DeployedAs {
  readonly account: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** Of a function, and of a service; undefined for any other resource. */
function deployedAs(type: string, inputs: Readonly<Record<string, unknown>>): DeployedAs | undefined {
  if (type === 'gcp:cloudfunctionsv2/function:Function') {
    const { serviceAccountEmail, environmentVariables } = inputs['serviceConfig'] as {
      serviceAccountEmail: string;
      environmentVariables: Record<string, string>;
    };
    return { account: serviceAccountEmail, variables: environmentVariables };
  }
  if (type !== 'gcp:cloudrunv2/service:Service') return undefined;
  const { serviceAccount, containers } = inputs['template'] as {
    serviceAccount: string;
    containers: readonly { readonly envs: readonly { name: string; value: string }[] }[];
  };
  const variables = (containers[0]?.envs ?? []).map(({ name, value }) => [name, value] as const);
  return { account: serviceAccount, variables: Object.fromEntries(variables) };
}

/** A bare function, in that folder. */
export function hello(folder: string): Start {
  mkdirSync(folder, { recursive: true });
  const framework = JSON.stringify(join(ROOT, 'node_modules/@google-cloud/functions-framework'));
  const source = `require(${framework}).http('${HELLO}', (request, response) => response.send('${HELLO}'));\n`;
  writeFileSync(join(folder, 'index.js'), source);
  writeFileSync(join(folder, 'package.json'), '{ "main": "index.js" }\n');
  return startOf(ROOT, folder, HELLO, {});
}

export const startOf = (
  installed: string,
  cwd: string,
  target: string,
  env: Readonly<Record<string, string>>,
): Start => ({
  command: realpathSync(join(installed, 'node_modules/.bin/functions-framework')),
  cwd,
  env: { NODE_ENV: 'production', FUNCTION_TARGET: target, HOME: cwd, ...env },
});

function measuresOf(
  spent: ReadonlyMap<Case, readonly number[]>,
  usual: readonly Case[],
  first: readonly Case[],
): readonly Measure[] {
  const median = (each: Case) => medianOf(spent.get(each) ?? []);
  const floor = { name: HELLO_CASE.says, value: median(HELLO_CASE) };
  const measure = (each: Case): Measure => ({
    name: `${each.function}: ${each.says}`,
    value: median(each),
    unit: 'ms',
    floor,
    note: `median of ${spent.get(each)?.length} starts, user and system`,
  });
  return [
    ...usual.map((each) => ({
      ...measure(each),
      goal: { most: MOST_TIMES_THE_FLOOR, of: 'ratio' as const },
    })),
    ...first.map(measure),
  ];
}

function shuffled<Item>(items: readonly Item[]): readonly Item[] {
  const drawn = items.map((item) => ({ item, at: Math.random() }));
  return drawn.sort((one, other) => one.at - other.at).map(({ item }) => item);
}
