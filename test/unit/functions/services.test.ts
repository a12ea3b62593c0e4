// Sources of services: each is deployed once for every service that names it, and a service without one is refused.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { carmila } from '../../../pipelines/carmila.ts';
import { isInternal } from '../../../shared/functions/declaration.ts';
import { gatherFunctions, loadFunctions } from '../../../shared/functions/registry.ts';
import { defineService, deployedFunctions } from '../../../shared/functions/services.ts';
import { SMALL } from '../../../shared/functions/size.ts';
import { countSetting } from '../../../shared/functions/variables.ts';
import { loadPipelines } from '../../../shared/pipelines/registry.ts';
import type { ServiceSpec } from '../../../shared/pipelines/services.ts';
import { plain, problemsOf } from './declared.ts';

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
