// The work of the people on duty: what the runbook has them type, tried with their own rights.
import type { Target } from '../../../cli/target.ts';
import { findDeadLetters } from '../../../cli/actions/dead-letters.ts';
import { statusOf } from '../../../cli/actions/status.ts';
import { auditOf, runsOf } from '../../../cli/actions/stores.ts';
import { listAudit } from '../../../shared/commands/audit.ts';
import {
  deadLettersOf,
  LOAD_REQUESTED,
  exportsBucketOf,
  resultsBucketOf,
  runsBucketOf,
  type SubscriptionName,
} from '../../../shared/deployment.ts';
import { messageOf } from '../../../shared/errors.ts';
import { attemptsOf, listRuns } from '../../../shared/history/history.ts';
import { googleJobLog } from '../../../shared/google/job-log.ts';
import { bigqueryWarehouse } from '../../../shared/google/bigquery.ts';
import { topicPublisher } from '../../../shared/google/pubsub.ts';
import { gcsStore } from '../../../shared/google/storage.ts';
import type { Pipeline } from '../../../shared/pipelines/pipeline.ts';
import { loadPipelines, pipelineNamed } from '../../../shared/pipelines/registry.ts';
import { verify } from '../../../shared/reconciliation/verify.ts';
import { nextId } from '../../mesh/operator-commands.ts';
import { OPERATOR, PIPELINE, SUBSCRIPTIONS, type Near, type RightsSetup } from './setup.ts';
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

export async function targetOf({ mesh: { cloud } }: { readonly mesh: Near }): Promise<Target> {
  const { GOOGLE_API_ENDPOINT = '' } = await cloud.envOf(OPERATOR);
  return {
    config: {
      GOOGLE_CLOUD_PROJECT: cloud.projectId,
      GOOGLE_API_ENDPOINT,
      WAREHOUSE_LOCATION: 'EU',
    },
    functionUrl: cloud.functionUrl,
    opened: undefined,
    logFolder: undefined,
    close: () => Promise.resolve(),
  };
}

const verifying = typing(
  'verifies that the table is what was published',
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

/** The command prints what it cannot ask of BigQuery beside the rest; here that is a failure. */
async function wholeStatus(target: Target, pipeline: Pipeline): Promise<void> {
  const { problem } = await statusOf(target, pipeline);
  if (problem !== null) throw new Error(problem);
}

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

const readingLog = typing(
  "reads what a run's job printed",
  ['reads-logs'],
  async (target, { name }, { published }) => {
    const [attempt] = await attemptsOf(runsOf(target), name, published);
    const execution = attempt?.execution?.split('/').at(-1) ?? '';
    const { lines } = await googleJobLog(target.config).read(execution, { most: 1 });
    if (lines.length === 0) throw new Error(`the log of ${execution} is empty`);
  },
);

const polling: Work = {
  what: 'an operator polls the source',
  needs: [`detect-changes-${MEMBER}-invoker`],
  async attempt(setup) {
    const answer = await setup.call('detect-changes', OPERATOR, { pipeline: PIPELINE });
    return { isDone: isWell(answer), message: answerText(answer) };
  },
};

const commanding: Work = {
  what: 'an operator sends a command',
  needs: [`handle-commands-${MEMBER}-invoker`],
  attempt: (setup) => command(setup, { verb: 'pause', pipeline: PIPELINE }),
};

const readingDeadLetters = (subscription: SubscriptionName): Work =>
  typing(`lists the dead letters of ${subscription}`, [`reads-${deadLettersOf(subscription)}`], (target) =>
    findDeadLetters(target, { subscription, limit: 1, ids: [] }),
  );

export const OPERATORS: readonly Work[] = [
  typing('lists the runs', ['reads-runs'], (target, { name }) => listRuns(runsOf(target), name, 1)),
  typing('reads the status of the pipeline', ['makes-jobs', 'reads-carmila_data'], wholeStatus),
  typing('reads the audit record', ['reads-audit'], (target, { name }) =>
    listAudit({ audit: auditOf(target), now: () => Date.now() }, name, 1),
  ),
  readingLog,
  verifying,
  replaying,
  polling,
  commanding,
  ...SUBSCRIPTIONS.map(readingDeadLetters),
];
