// The work of the people on duty: what the runbook has them type, tried with their own rights.
import type { Target } from '../../../cli/target.ts';
import { audit, runs, status } from '../../../cli/commands.ts';
import { findDeadLetters } from '../../../cli/dead-letters.ts';
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
import { verify } from '../../../shared/reconciliation/verify.ts';
import { nextId } from '../../mesh/operator-commands.ts';
import { OPERATOR, PIPELINE, type RightsSetup } from './setup.ts';
import { isWell, command, answerText, type Work } from './work.ts';

const MEMBER = `user:${OPERATOR}`;

/** Work of a command, as the process of an operator does it: what it throws is what is printed. */
const typing = (
  what: string,
  needs: readonly string[],
  type: (target: Target, pipeline: Pipeline, setup: RightsSetup) => Promise<unknown>,
): Work => ({
  what: `an operator ${what}`,
  needs: needs.map((name) => `${MEMBER}-${name}`),
  async attempt(setup) {
    try {
      await type(await targetOf(setup), pipelineNamed(loadPipelines(), PIPELINE), setup);
      return { isDone: true, message: '' };
    } catch (error) {
      return { isDone: false, message: messageOf(error) };
    }
  },
});

async function targetOf({ mesh: { cloud } }: RightsSetup): Promise<Target> {
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
    const verification = await verify(pipeline, {
      runs: gcsStore(runsBucketOf(config.GOOGLE_CLOUD_PROJECT), config),
      results: gcsStore(resultsBucketOf(config.GOOGLE_CLOUD_PROJECT), config),
      exports: gcsStore(exportsBucketOf(config.GOOGLE_CLOUD_PROJECT), config),
      warehouse: bigqueryWarehouse(config),
      now: () => Date.now(),
      nonce: nextId(),
    });
    if (verification.tables.length === 0) throw new Error(verification.differences.join('; '));
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
  async attempt(setup) {
    const answer = await setup.call('detect-changes', OPERATOR, { pipeline: PIPELINE });
    return { isDone: isWell(answer), message: answerText(answer) };
  },
};

const ordering: Work = {
  what: 'an operator gives an order',
  needs: [`handle-commands-${MEMBER}-invoker`],
  attempt: (setup) => command(setup, { verb: 'pause', pipeline: PIPELINE }),
};

const readingDeadLetters = (subscription: SubscriptionName): Work =>
  typing(`looks at the dead letters of ${subscription}`, [`reads-${deadLettersOf(subscription)}`], (target) =>
    findDeadLetters(target, { subscription, limit: 1, ids: [] }),
  );

export const OPERATORS: readonly Work[] = [
  typing('lists the runs', ['reads-runs'], (target, pipeline) => runs(target, pipeline, 1)),
  typing('sees where the pipeline stands', ['makes-jobs', 'reads-carmila_data'], status),
  typing('reads what was ordered', ['reads-audit'], (target, pipeline) => audit(target, pipeline, 1)),
  proving,
  replaying,
  ticking,
  ordering,
  ...SUBSCRIPTION_NAMES.map(readingDeadLetters),
];
