// The pieces of work that a watched bucket, published files and a published model bring, each with the grants that it needs.
import { REGION } from '../../../../cli/local-mesh.ts';
import { OPERATOR as OWNER } from '../../../../local/http/api.ts';
import {
  exportsBucketOf,
  LOAD_REQUESTED,
  resultsBucketOf,
  RUN_REQUESTED,
  runsBucketOf,
  deadLettersOf,
  SOURCE_FINALIZED,
} from '../../../../shared/deployment.ts';
import { messageOf } from '../../../../shared/errors.ts';
import { bigqueryWarehouse } from '../../../../shared/google/bigquery.ts';
import { googleSources } from '../../../../shared/google/sources.ts';
import { gcsStore } from '../../../../shared/google/storage.ts';
import { readJson } from '../../../../shared/objects/json.ts';
import { loadPipelines, pipelineNamed } from '../../../../shared/pipelines/registry.ts';
import { readPointer } from '../../../../shared/publications/pointer.ts';
import { verify } from '../../../../shared/reconciliation/verify.ts';
import { replayObject, startedObject } from '../../../../shared/runs/names.ts';
import { runOutcome } from '../../../../shared/runs/outcome.ts';
import { nextId } from '../../../mesh/operator-commands.ts';
import { sweepingOn } from '../functions/sweep-runs.ts';
import { cancelling } from '../functions/handle-commands.ts';
import { burying, redriving } from '../dead-letters.ts';
import { findDeadLetters } from '../../../../cli/actions/dead-letters.ts';
import { targetOf } from '../operators.ts';
import { accountOf, OPERATOR } from '../setup.ts';
import { isWell, answerText, type Done, type Work } from '../work.ts';
import { traced } from '../works.ts';
import { BUCKET, FROST, FROST_JOB, PREFIX, type FrostSetup } from './setup.ts';

type FrostWork = Work<FrostSetup>;
const HINTS = `${SOURCE_FINALIZED}-to-detect-changes`;
const LONGEST_JOB_SECONDS = 60;

/** Work in this process: its error is the answer. */
async function trying(work: () => Promise<unknown>): Promise<Done> {
  try {
    await work();
    return { isDone: true, message: '' };
  } catch (error) {
    return { isDone: false, message: messageOf(error) };
  }
}

const polling: FrostWork = {
  what: 'a tick lists the bucket and asks for a run',
  needs: [`detectChanges-watches-${BUCKET}`],
  async attempt({ mesh, edit }) {
    await edit();
    const status = await mesh.fire(`tick-${FROST}`);
    return { isDone: status === 200, message: `the tick answered ${status}` };
  },
};

/** A function asks once, when its instance is new; here everybody is. */
const comparing: FrostWork = {
  what: 'detect-changes sees that the bucket belongs to the project of the runs',
  needs: ['detectChanges-watches-runs'],
  attempt: ({ mesh }) =>
    trying(async () => {
      const { cloud } = mesh;
      const { GOOGLE_API_ENDPOINT = '' } = await cloud.envOf(accountOf(mesh, 'detect-changes'));
      const config = { GOOGLE_CLOUD_PROJECT: cloud.projectId, GOOGLE_API_ENDPOINT };
      const sources = googleSources(config, gcsStore(runsBucketOf(cloud.projectId), config));
      await sources.bucket.list(`${BUCKET}/${PREFIX}`);
    }),
};

const notifying: FrostWork = {
  what: 'Cloud Storage tells the topic of an object in a watched bucket',
  needs: [`storage-${SOURCE_FINALIZED}`],
  async attempt({ mesh, edit }) {
    await edit();
    return { isDone: !mesh.cloud.pubsub.idle(), message: '' };
  },
};

const hearing: FrostWork = {
  what: 'the pubsub-invoker brings the event to detect-changes',
  needs: ['detect-changes-pubsub-invoker-invoker'],
  async attempt({ push }) {
    const attributes = { eventType: 'OBJECT_FINALIZE', bucketId: BUCKET, objectId: PREFIX };
    const answer = await push('detect-changes', SOURCE_FINALIZED, {}, attributes);
    return { isDone: isWell(answer), message: answerText(answer) };
  },
};

const starting: FrostWork = {
  what: 'a message freezes the objects and the champion, and starts the job',
  needs: [`startRun-reads-${BUCKET}`, 'startRun-reads-exports', `${FROST_JOB}-startRun-starts`],
  async attempt({ requested, push, exists }) {
    const run = await requested();
    const answer = await push('start-run', RUN_REQUESTED, { pipeline: FROST, run });
    const isStarted = await exists(startedObject(FROST, run, 1));
    return { isDone: isWell(answer) && isStarted, message: answerText(answer) };
  },
};

const working: FrostWork = {
  what: 'the job reads its input and the champion, keeps what it learned and writes its output',
  needs: ['reads-runs', 'adds-results', 'adds-training-cache', 'reads-exports'].map(
    (right) => `${FROST_JOB}-${right}`,
  ),
  async attempt({ mesh: { cloud }, published }) {
    const name = `projects/${cloud.projectId}/locations/${REGION}/jobs/${FROST_JOB}`;
    const env = { PIPELINE: FROST, RUN_ID: published, ATTEMPT: String(++attempts) };
    const execution = cloud.jobs.run(name, { env });
    await cloud.jobs.settled(execution.name, LONGEST_JOB_SECONDS);
    const { state } = cloud.jobs.execution(execution.name);
    return { isDone: state === 'succeeded', message: `the execution ${state}` };
  },
};
// The published run's own attempt is the first.
let attempts = 1;

const publishing: FrostWork = {
  what: 'publish-output copies files and a model into the export bucket and publishes them',
  needs: ['publishOutput-adds-exports'],
  async attempt({ mesh, push, published: run }) {
    const replay = nextId().toLowerCase();
    const answer = await push('publish-output', LOAD_REQUESTED, {
      pipeline: FROST,
      run,
      replay,
      allowOlder: true,
    });
    const record = await readJson(mesh.runs, replayObject(FROST, run, replay), runOutcome);
    return { isDone: record?.value.outcome === 'published', message: answerText(answer) };
  },
};

const tidy = ({ push }: FrostSetup) =>
  push('publish-output', LOAD_REQUESTED, { pipeline: FROST, tidy: true });

const showing: FrostWork = {
  what: 'publish-output moves a pointer that is behind the ledger',
  needs: ['publishOutput-moves-exports'],
  async attempt(setup) {
    await setup.setBackPointer();
    const before = await readPointer(setup.exports, FROST, 'maps');
    const answer = await tidy(setup);
    const after = await readPointer(setup.exports, FROST, 'maps');
    const isMoved = (after?.value.ordinal ?? 0) > (before?.value.ordinal ?? 0);
    return { isDone: isWell(answer) && isMoved, message: answerText(answer) };
  },
};

const retiring: FrostWork = {
  what: 'publish-output lets the days of superseded files count',
  needs: ['publishOutput-retires-exports'],
  async attempt(setup) {
    const folder = `${FROST}/maps/${setup.superseded}/attempt-1/`;
    const published = await setup.exports.info(`${folder}map.tif`);
    const name = `${folder}${nextId()}.tif`;
    const source = {
      bucket: setup.exports.bucket,
      name: published?.name ?? '',
      generation: published?.generation ?? '',
    };
    // A copy bears no time yet, as those that were published.
    await setup.exports.copyFrom(name, source, { bearsTime: false });
    const answer = await tidy(setup);
    const isRetired = (await setup.exports.info(name))?.customTimeMs !== undefined;
    return { isDone: isWell(answer) && isRetired, message: answerText(answer) };
  },
};

const proving: FrostWork = {
  what: 'an operator verifies that the export bucket holds what was published',
  needs: [`user:${OPERATOR}-reads-exports`],
  attempt: (setup) =>
    trying(async () => {
      const { config } = await targetOf(setup);
      const verification = await verify(pipelineNamed(loadPipelines(), FROST), {
        runs: gcsStore(runsBucketOf(config.GOOGLE_CLOUD_PROJECT), config),
        results: gcsStore(resultsBucketOf(config.GOOGLE_CLOUD_PROJECT), config),
        exports: gcsStore(exportsBucketOf(config.GOOGLE_CLOUD_PROJECT), config),
        warehouse: bigqueryWarehouse(config),
        now: () => Date.now(),
        nonce: nextId(),
      });
      if (verification.differences.length > 0) throw new Error(verification.differences.join('; '));
    }),
};

const readingDeadLetters: FrostWork = {
  what: `an operator lists the dead letters of ${HINTS}`,
  needs: [`user:${OPERATOR}-reads-${deadLettersOf(HINTS)}`],
  attempt: (setup) =>
    trying(async () => findDeadLetters(await targetOf(setup), { subscription: HINTS, limit: 1, ids: [] })),
};

const showingCandidates: FrostWork = {
  what: 'the console shows the candidates of a model',
  needs: ['console-reads-exports'],
  async attempt({ mesh }) {
    const answer = await fetch(`${await mesh.cloud.iap.addressFor(OWNER)}/p/${FROST}/models`);
    return { isDone: answer.status === 200, message: `${answer.status} ${await answer.text()}` };
  },
};

export const FROST_WORKS: readonly FrostWork[] = [
  polling,
  comparing,
  notifying,
  hearing,
  starting,
  working,
  traced(working, 'measure', `${FROST}-job-traces`),
  publishing,
  showing,
  retiring,
  sweepingOn(FROST, [`${FROST_JOB}-sweepRuns-operates`]),
  cancelling(FROST, [`${FROST_JOB}-handleCommands-operates`]),
  redriving(HINTS),
  burying(HINTS),
  proving,
  readingDeadLetters,
  showingCandidates,
];
