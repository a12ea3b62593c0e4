// The work of the people on duty: what the runbook has them type, tried with their own rights.
import type { Target } from '../../../cli/target.ts';
import { audit, runs, status } from '../../../cli/commands.ts';
import { findLetters } from '../../../cli/dead-letters.ts';
import {
  deadLettersOf,
  LOAD_REQUESTED,
  exportsBucketOf,
  resultsBucketOf,
  runsBucketOf,
  type SubscriptionName,
} from '../../../shared/deployment.ts';
import { messageOf } from '../../../shared/errors.ts';
import { SUBSCRIPTION_NAMES } from '../../../shared/functions/subscriptions.ts';
import { bigqueryWarehouse } from '../../../shared/google/bigquery.ts';
import { topicPublisher } from '../../../shared/google/pubsub.ts';
import { gcsStore } from '../../../shared/google/storage.ts';
import type { Pipeline } from '../../../shared/pipelines/pipeline.ts';
import { loadPipelines, pipelineNamed } from '../../../shared/pipelines/registry.ts';
import { prove } from '../../../shared/reconciliation/prove.ts';
import { nextId } from '../../mesh/orders.ts';
import { OPERATOR, PIPELINE, type Scene } from './scene.ts';
import { isWell, order, wordsOf, type Work } from './work.ts';

const MEMBER = `user:${OPERATOR}`;

/** Work of a command, as the process of an operator does it: what it throws is what is printed. */
const typing = (
  what: string,
  needs: readonly string[],
  type: (target: Target, pipeline: Pipeline, scene: Scene) => Promise<unknown>,
): Work => ({
  what: `an operator ${what}`,
  needs: needs.map((name) => `${MEMBER}-${name}`),
  async attempt(scene) {
    try {
      await type(await targetOf(scene), pipelineNamed(loadPipelines(), PIPELINE), scene);
      return { isDone: true, said: '' };
    } catch (error) {
      return { isDone: false, said: messageOf(error) };
    }
  },
});

async function targetOf({ mesh: { cloud } }: Scene): Promise<Target> {
  const { GOOGLE_API_ENDPOINT = '' } = await cloud.envOf(OPERATOR);
  return {
    config: {
      GOOGLE_CLOUD_PROJECT: cloud.projectId,
      GOOGLE_API_ENDPOINT,
      WAREHOUSE_LOCATION: 'EU',
    },
    functionUrl: cloud.functionUrl,
    opened: undefined,
    close: () => Promise.resolve(),
  };
}

const proving = typing(
  'proves that the table is what was published',
  ['reads-results', 'reads-sluice', 'stages-carmila_data'],
  async ({ config }, pipeline) => {
    const proof = await prove(pipeline, {
      runs: gcsStore(runsBucketOf(config.GOOGLE_CLOUD_PROJECT), config),
      results: gcsStore(resultsBucketOf(config.GOOGLE_CLOUD_PROJECT), config),
      exports: gcsStore(exportsBucketOf(config.GOOGLE_CLOUD_PROJECT), config),
      warehouse: bigqueryWarehouse(config),
      now: () => Date.now(),
      nonce: nextId(),
    });
    if (proof.tables.length === 0) throw new Error(proof.differences.join('; '));
  },
);

const replaying = typing(
  'asks for a replay',
  [LOAD_REQUESTED],
  ({ config }, { name: pipeline }, { published }) =>
    topicPublisher<object>(LOAD_REQUESTED, config).publish({
      pipeline,
      run: published,
      plan: true,
      replay: nextId(),
    }),
);

const ticking: Work = {
  what: 'an operator has the folder looked at',
  needs: [`detect-changes-${MEMBER}-invoker`],
  async attempt(scene) {
    const answer = await scene.call('detect-changes', OPERATOR, { pipeline: PIPELINE });
    return { isDone: isWell(answer), said: wordsOf(answer) };
  },
};

const ordering: Work = {
  what: 'an operator gives an order',
  needs: [`take-orders-${MEMBER}-invoker`],
  attempt: (scene) => order(scene, { verb: 'pause', pipeline: PIPELINE }),
};

const lookingAtLetters = (subscription: SubscriptionName): Work =>
  typing(`looks at the dead letters of ${subscription}`, [`reads-${deadLettersOf(subscription)}`], (target) =>
    findLetters(target, { subscription, limit: 1, ids: [] }),
  );

export const OPERATORS: readonly Work[] = [
  typing('lists the runs', ['reads-runs'], (target, pipeline) => runs(target, pipeline, 1)),
  typing('sees where the pipeline stands', ['makes-jobs', 'reads-carmila_data'], status),
  typing('reads what was ordered', ['reads-audit'], (target, pipeline) => audit(target, pipeline, 1)),
  proving,
  replaying,
  ticking,
  ordering,
  ...SUBSCRIPTION_NAMES.map(lookingAtLetters),
];
