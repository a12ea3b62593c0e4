// Declarations of functions: every problem is named at once, and the folders agree with one another.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { describe, test } from 'node:test';
import { carmila } from '../../../pipelines/carmila.ts';
import { EXECUTION_FINISHED, RUN_REQUESTED } from '../../../shared/deployment.ts';
import { ConfigurationError } from '../../../shared/errors.ts';
import { functionCall, internet, message, operators, schedule } from '../../../shared/functions/callers.ts';
import {
  configOf,
  defineFunction,
  isInternal,
  isOpen,
  type FunctionDeclaration,
} from '../../../shared/functions/declaration.ts';
import type { ServiceSpec } from '../../../shared/pipelines/services.ts';
import { loadPipelines } from '../../../shared/pipelines/registry.ts';
import { callOrder, gatherFunctions, loadFunctions, topicsOf } from '../../../shared/functions/registry.ts';
import { adds, calls, delivers, publishes, reads } from '../../../shared/functions/rights.ts';
import { defineService, deployedFunctions } from '../../../shared/functions/services.ts';
import { SMALL, WAITING, wrongSize } from '../../../shared/functions/size.ts';
import { isSubscription, subscriptionsOf, topicOf } from '../../../shared/functions/subscriptions.ts';
import { accountOf, countSetting } from '../../../shared/functions/variables.ts';
import { sleeps } from '../../ports/sleeps.ts';

const plain = (name: string, more: Partial<FunctionDeclaration> = {}): FunctionDeclaration =>
  defineFunction({ name, purpose: 'Tests', calledBy: [operators()], rights: [], size: SMALL, ...more });

/** The problems of a declaration, as the error lists them. */
function problemsOf(declare: () => unknown): readonly string[] {
  try {
    declare();
  } catch (error) {
    assert.ok(error instanceof TypeError, String(error));
    return error.message.replace(/^.*? is wrong: /, '').split('; ');
  }
  return [];
}

describe('a declaration', () => {
  test('names all its problems at once', () => {
    const problems = problemsOf(() =>
      defineFunction({
        name: 'Bad Name',
        purpose: '',
        calledBy: [operators(), operators(), schedule({ name: 'a b', cron: '* * * * *', body: {} })],
        rights: [adds('runs'), adds('runs'), publishes('No Topic')],
        variables: { RUNS_BUCKET: countSetting(1), lower: countSetting(1) },
        size: { ...SMALL, concurrency: 8, minInstances: 6 },
      }),
    );
    const expected = [
      /^name "Bad Name": expected/,
      /^purpose of 0 characters/,
      /^calledBy names operators twice/,
      /^"a b": expected/,
      /^rights names adds runs twice/,
      /^topic "No Topic": expected/,
      /^variable "lower": expected/,
      /^variable RUNS_BUCKET: a right implies it already/,
      /^size.concurrency 8: expected 1 below one cpu, found 0.333 cpu/,
      /^size.minInstances 6: expected a whole number from 0 to maxInstances, 5/,
    ];
    assert.equal(problems.length, expected.length, problems.join('\n'));
    for (const [at, problem] of expected.entries()) assert.match(problems[at] ?? '', problem);
  });

  test('without a caller is refused', () => {
    assert.deepEqual(
      problemsOf(() => plain('lonely', { calledBy: [] })),
      ['calledBy is empty: expected at least one caller'],
    );
  });

  test('is closed to the internet unless functions or people call it', () => {
    assert.equal(isInternal(plain('scheduled', { calledBy: [message(RUN_REQUESTED)] })), true);
    for (const caller of [operators(), functionCall('other')])
      assert.equal(isInternal(plain('open', { calledBy: [message(RUN_REQUESTED), caller] })), false);
  });

  test('that is open to the internet is a service, and has no other caller', () => {
    const open = plain('open', { calledBy: [internet()], runsAs: 'service' });
    assert.deepEqual([isOpen(open), isInternal(open)], [true, false]);
    const wrong = () => plain('open', { calledBy: [internet(), message(RUN_REQUESTED)] });
    assert.deepEqual(problemsOf(wrong), [
      'calledBy internet: expected no other caller',
      "calledBy internet: expected runsAs 'service'",
    ]);
  });

  test('that is open to the internet receives who may call, and is deployed only where a pipeline takes requests', () => {
    const open = plain('open', { calledBy: [internet()], runsAs: 'service' });
    const declared = gatherFunctions([open]);
    assert.deepEqual([...deployedFunctions(declared, [carmila]).keys()], []);
    assert.deepEqual([...deployedFunctions(declared, [carmila, sleeps]).keys()], ['open']);
    const pipelines = new Map([['sleeps', sleeps]]);
    const env = { GOOGLE_CLOUD_PROJECT: 'contract', PIPELINES: 'sleeps', SLEEPS_CALLERS: 'ada@example.org' };
    const config: Readonly<Record<string, unknown>> = configOf(open, env, pipelines);
    assert.deepEqual([config.SLEEPS_CALLERS, config.SLEEPS_APPROVERS], ['ada@example.org', '']);
    assert.throws(() => configOf(open, { ...env, SLEEPS_CALLERS: 'allUsers' }, pipelines), /SLEEPS_CALLERS/);
    assert.throws(() => configOf(open, { ...env, SLEEPS_CALLERS: '' }, pipelines), /SLEEPS_CALLERS/);
  });

  test('is read with the variables of its rights, and all that are wrong are named', () => {
    const declaration = defineFunction({
      name: 'reader',
      purpose: 'Tests',
      calledBy: [operators()],
      rights: [reads('results'), publishes(RUN_REQUESTED), calls('other-one')],
      variables: { PATIENCE_SECONDS: countSetting(5) },
      size: SMALL,
    });
    const env = {
      GOOGLE_CLOUD_PROJECT: 'my-project',
      PIPELINES: [...loadPipelines().keys()].join(','),
      RESULTS_BUCKET: 'results',
      RUN_REQUESTED_TOPIC: 'run-requested',
      OTHER_ONE_URL: 'https://other-one.example',
      PATIENCE_SECONDS: '7',
    };
    const config = configOf(declaration, env, loadPipelines());
    // Each is typed by the right that brings it.
    const read: readonly [string, string, string, number] = [
      config.RESULTS_BUCKET,
      config.RUN_REQUESTED_TOPIC,
      config.OTHER_ONE_URL,
      config.PATIENCE_SECONDS,
    ];
    assert.deepEqual(read, ['results', 'run-requested', 'https://other-one.example', 7]);
    assert.throws(
      () => configOf(declaration, {}, new Map()),
      (error: unknown) => {
        assert.ok(error instanceof ConfigurationError);
        for (const name of Object.keys(env))
          assert.match(error.message, new RegExp(`^ *${name}: found nothing`, 'm'));
        return true;
      },
    );
  });
});

describe('a size', () => {
  const WRONG: readonly (readonly [Partial<typeof SMALL>, RegExp])[] = [
    [{ cpu: 0.05 }, /size.cpu 0.05: expected 0.08 to 1/],
    [{ cpu: 0.3335 }, /size.cpu 0.3335/],
    [{ cpu: 3 }, /size.cpu 3: expected .* 2, 4, 6, 8/],
    [{ memory: '1Gi' }, /size.memory "1Gi": expected 128Mi to 512Mi for 0.333 cpu/],
    [{ memory: 'much' }, /size.memory "much"/],
    [{ cpu: 1, memory: '8Gi' }, /expected 128Mi to 4096Mi for 1 cpu/],
    [{ cpu: 8, memory: '2Gi' }, /expected 4096Mi to 32768Mi for 8 cpu/],
    [{ concurrency: 0 }, /size.concurrency 0: expected a whole number from 1/],
    [{ concurrency: 1.5 }, /size.concurrency 1.5/],
    [{ cpu: 0.999, concurrency: 2 }, /expected 1 below one cpu/],
    [{ maxInstances: 0 }, /size.maxInstances 0/],
    [{ minInstances: -1 }, /size.minInstances -1/],
  ];
  for (const [change, message] of WRONG) {
    test(`${JSON.stringify(change)} is refused`, () => {
      assert.match(wrongSize({ ...SMALL, ...change }).join('; '), message);
    });
  }

  test('of Cloud Run is taken', () => {
    const right = [
      SMALL,
      WAITING,
      { ...SMALL, cpu: 0.5, memory: '1Gi' },
      { ...WAITING, cpu: 2, memory: '8Gi' },
    ];
    for (const size of right) assert.deepEqual(wrongSize(size), []);
  });
});

describe('the declarations together', () => {
  test('are those of the folders, each by its name', () => {
    const folders = readdirSync(new URL('../../../functions/', import.meta.url)).sort();
    assert.deepEqual([...loadFunctions().keys()], folders);
  });

  test('name a call on both sides, and every account of a function that there is', () => {
    const problems = problemsOf(() =>
      gatherFunctions([
        plain('caller', { rights: [calls('callee'), delivers('nowhere')] }),
        plain('callee', { calledBy: [functionCall('absent'), functionCall('other')] }),
        plain('other', { variables: { WHO: accountOf('gone') } }),
      ]),
    );
    assert.deepEqual(problems, [
      'caller calls callee, which does not name it in calledBy',
      'caller calls nowhere, which does not name it in calledBy',
      'callee is called by absent, which does not declare the right to call it',
      'callee is called by other, which does not declare the right to call it',
      'other has a variable with the account of gone, which is not a function',
    ]);
  });

  test('that call each other in a circle are refused', () => {
    const [there, back] = [
      plain('there', { rights: [calls('back')], calledBy: [functionCall('back')] }),
      plain('back', { rights: [calls('there')], calledBy: [functionCall('there')] }),
    ];
    assert.deepEqual(
      problemsOf(() => gatherFunctions([there, back])),
      ['these functions call each other in a circle: there, back'],
    );
  });

  test('of one name, of one schedule, of a taken account, with two fallbacks or a false topic are refused', () => {
    const swept = schedule({ name: 'sweep', cron: '* * * * *', body: {} });
    const problems = problemsOf(() =>
      gatherFunctions([
        plain('twice', { calledBy: [swept] }),
        plain('twice', { calledBy: [swept] }),
        plain('carmila-job'),
        plain('fed', { calledBy: [message(EXECUTION_FINISHED)] }),
        plain('soon', { variables: { PATIENCE: countSetting(1) } }),
        plain('late', { variables: { PATIENCE: countSetting(2) } }),
      ]),
    );
    assert.deepEqual(problems, [
      'two functions are named "twice"',
      'two functions are called by the schedule "sweep"',
      'the variable PATIENCE has the fallbacks 1, 2: expected one',
      'the function "carmila-job" would share the account of another identity: expected another name',
      'fed receives execution-finished as published by functions: expected finished-executions',
    ]);
  });

  test('are made in the order of their calls', () => {
    const names = callOrder(loadFunctions()).map(({ name }) => name);
    assert.ok(names.indexOf('start-run') < names.indexOf('sweep-runs'));
    assert.ok(names.indexOf('detect-changes') < names.indexOf('handle-commands'));
    assert.equal(names.length, loadFunctions().size);
  });

  test('bring the topics and the subscriptions', () => {
    const sample = gatherFunctions([
      plain('writer', { rights: [publishes('news')] }),
      plain('reader', { calledBy: [message('news'), message('letters')] }),
    ]);
    assert.deepEqual(topicsOf(sample), ['news', 'letters']);
    assert.deepEqual(
      [...subscriptionsOf(sample)],
      [
        ['news-to-reader', 'news'],
        ['letters-to-reader', 'letters'],
      ],
    );
    assert.equal(topicOf('output-finalized-to-publish-output'), 'output-finalized');
  });

  test('know no subscription by a name that every object has', () => {
    for (const name of ['constructor', 'toString', '']) {
      assert.equal(isSubscription(name), false);
      assert.throws(() => topicOf(name), RangeError);
    }
  });
});

describe('a source of services', () => {
  const answer = defineService({ name: 'answer', purpose: 'Tests', size: SMALL });
  const declared = gatherFunctions([plain('count-things'), answer]);
  const serving = (...services: ServiceSpec[]) => [{ ...carmila, name: 'bikes', services }];
  const service = (name: string, source = 'answer'): ServiceSpec => ({ name, source, follows: 'best' });

  test('is deployed once for each service, under its name, and all else once', () => {
    const deployed = deployedFunctions(declared, serving(service('reg'), service('class')));
    assert.deepEqual(
      [...deployed.values()].map(({ name, source, serves }) => [name, source, serves]),
      [
        ['count-things', 'count-things', undefined],
        ['bikes-reg', 'answer', { pipeline: 'bikes', service: 'reg', model: 'best' }],
        ['bikes-class', 'answer', { pipeline: 'bikes', service: 'class', model: 'best' }],
      ],
    );
  });

  test('that no service names is not deployed', () => {
    assert.deepEqual([...deployedFunctions(declared, [carmila]).keys()], ['count-things']);
  });

  test('reads the exports alone, and is called by those that the stack names', () => {
    assert.deepEqual(
      [answer.rights.map(({ kind }) => kind), answer.calledBy],
      [['follows-model'], [{ kind: 'service-callers' }]],
    );
    assert.equal(isInternal(answer), false);
    const own = () =>
      defineService({ name: 'answer', purpose: 'Tests', size: SMALL, variables: { MODEL: countSetting(1) } });
    assert.deepEqual(problemsOf(own), ['variable MODEL: a right implies it already']);
  });

  test('is refused when it is none, all services at once', () => {
    const problems = problemsOf(() =>
      deployedFunctions(
        gatherFunctions([plain('bikes-class'), plain('count-things'), answer]),
        serving(service('reg', 'nowhere'), service('other', 'count-things'), service('class')),
      ),
    );
    assert.deepEqual(problems, [
      'the service bikes-reg has the source "nowhere", which no folder of functions/ declares by defineService: expected one of answer',
      'the service bikes-other has the source "count-things", which no folder of functions/ declares by defineService: expected one of answer',
      'the service bikes-class has the name of a function',
    ]);
    const without = () =>
      deployedFunctions(gatherFunctions([plain('count-things')]), serving(service('reg')));
    assert.match(problemsOf(without).join(), /expected one, and there is none/);
  });

  test('is there for every service in the tree', () => {
    assert.ok(deployedFunctions(loadFunctions(), [...loadPipelines().values()]).size > 0);
  });
});
