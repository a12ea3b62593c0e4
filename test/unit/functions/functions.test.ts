// Declarations of functions: every problem is named at once, and the folders agree with one another.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { describe, test } from 'node:test';
import { carmila } from '../../../pipelines/carmila.ts';
import { EXECUTION_FINISHED, RUN_REQUESTED } from '../../../shared/deployment.ts';
import { ConfigurationError } from '../../../shared/errors.ts';
import { functionCall, internet, message, operators, schedule } from '../../../shared/functions/callers.ts';
import { configOf, defineFunction, isInternal, isOpen } from '../../../shared/functions/declaration.ts';
import { loadPipelines } from '../../../shared/pipelines/registry.ts';
import { callOrder, gatherFunctions, loadFunctions, topicsOf } from '../../../shared/functions/registry.ts';
import { adds, calls, delivers, publishes, reads } from '../../../shared/functions/rights.ts';
import { deployedFunctions } from '../../../shared/functions/services.ts';
import { SMALL } from '../../../shared/functions/size.ts';
import { isSubscription, subscriptionsOf, topicOf } from '../../../shared/functions/subscriptions.ts';
import { accountOf, countSetting } from '../../../shared/functions/variables.ts';
import { sleeps } from '../../ports/sleeps.ts';
import { plain, problemsOf } from './declared.ts';

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
