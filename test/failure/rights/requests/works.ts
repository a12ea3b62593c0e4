// The pieces of work that requested runs bring, each with the grants that it needs.
import { readLine } from '../../../../cli/actions/requested/reading.ts';
import { REGION } from '../../../../cli/local-mesh.ts';
import { messageOf } from '../../../../shared/errors.ts';
import { executionStarted } from '../../../../shared/executions/records.ts';
import { readJson, toJson } from '../../../../shared/objects/json.ts';
import type { ObjectStore } from '../../../../shared/objects/store.ts';
import { forecastWhatIf } from '../../../../pipelines/forecast-what-if.ts';
import { startObject } from '../../../../shared/requests/names.ts';
import { decideOnce } from '../../../../shared/runs/decision.ts';
import { outcomeObject, replayObject, startedObject } from '../../../../shared/runs/names.ts';
import { nextId } from '../../../mesh/operator-commands.ts';
import { xgboostHere } from '../../../jobs/xgboost/installed.ts';
import { targetOf } from '../operators.ts';
import { OPERATOR } from '../setup.ts';
import { answerText, command, isWell, type Work } from '../work.ts';
import { traced } from '../works.ts';
import { jobPathOf, KEY, WHAT_IF, WHAT_IF_JOB, type RequestsSetup } from './setup.ts';

type RequestsWork = Work<RequestsSetup>;

const accepting: RequestsWork = {
  what: 'accept-requests accepts a request',
  needs: ['acceptRequests-adds-requests', 'acceptRequests-adds-runs'],
  async attempt({ request }) {
    const answer = await request();
    return { isDone: answer.status === 202, message: answerText(answer) };
  },
};

/** A hint that is not sent is a warning: the request is accepted, and the sweep starts it. */
const hinting: RequestsWork = {
  what: 'accept-requests hints the dispatch at a request',
  needs: ['acceptRequests-run-requested'],
  async attempt({ request, mesh }) {
    const answer = await request();
    const isHinted = !mesh.cloud.pubsub.idle();
    return { isDone: answer.status === 202 && isHinted, message: answerText(answer) };
  },
};

const acceptingAgain: RequestsWork = {
  what: 'accept-requests deletes the entry of a key whose run had ended',
  needs: ['acceptRequests-changes-queue'],
  async attempt({ request, ended, isQueued }) {
    const answer = await request(KEY);
    return { isDone: answer.status === 202 && !(await isQueued(ended)), message: answerText(answer) };
  },
};

const erasing: RequestsWork = {
  what: 'accept-requests records an erasing, and erases the content of a run that ended and its result',
  needs: ['acceptRequests-adds-audit', 'acceptRequests-changes-content', `acceptRequests-erases-${WHAT_IF}`],
  async attempt({ api, ended }) {
    const answer = await api('accept-requests', `DELETE ${jobPathOf(ended, '/content')}`);
    return { isDone: answer.status === 204, message: answerText(answer) };
  },
};

const showing: RequestsWork = {
  what: 'read-requests shows a job that waits',
  needs: ['readRequests-reads-runs', 'readRequests-reads-requests'],
  async attempt({ api, accepted }) {
    const answer = await api('read-requests', `GET ${jobPathOf(await accepted())}`);
    return { isDone: answer.text.includes('"state":"queued"'), message: answerText(answer) };
  },
};

const watching: RequestsWork = {
  what: 'the console shows a pipeline whose runs are requested, with its queue',
  needs: ['console-reads-requests'],
  async attempt({ accepted, mesh }) {
    await accepted();
    const page = await fetch(`${await mesh.cloud.iap.addressFor(OPERATOR)}/p/${WHAT_IF}`);
    return { isDone: page.status === 200, message: `${page.status} ${await page.text()}` };
  },
};

const linking: RequestsWork = {
  what: 'read-requests links to a result, which is downloaded with its right',
  needs: ['readRequests-signs-links', 'readRequests-reads-results'],
  async attempt({ api, ended }) {
    const answer = await api('read-requests', `GET ${jobPathOf(ended, '/result')}`);
    if (answer.status !== 302) return { isDone: false, message: answerText(answer) };
    const file = await fetch(answer.location);
    return { isDone: file.status === 200, message: `${file.status} ${await file.text()}` };
  },
};

const starting: RequestsWork = {
  what: 'a hint records who requested the run, and starts its job',
  needs: ['startRun-adds-audit', 'startRun-adds-requests', `${WHAT_IF_JOB}-startRun-starts`],
  async attempt({ accepted, deliver, exists }) {
    const run = await accepted();
    const answer = await deliver('start-run', { pipeline: WHAT_IF, run });
    const isStarted = await exists(startedObject(WHAT_IF, run, 1));
    return { isDone: isWell(answer) && isStarted, message: answerText(answer) };
  },
};

const stopping: RequestsWork = {
  what: 'the dispatch cancels the execution of a request that was cancelled',
  needs: [`${WHAT_IF_JOB}-startRun-operates`],
  async attempt({ accepted, deliver, mesh: { cloud, runs } }) {
    const run = await accepted();
    const started = await deliver('start-run', { pipeline: WHAT_IF, run });
    const { execution } = await startedOf(runs, run);
    const at = new Date().toISOString();
    await decideOnce(runs, WHAT_IF, run, {
      kind: 'cancel',
      command: nextId(),
      by: OPERATOR,
      reason: 'a test',
      at,
    });
    const answer = await deliver('start-run', { pipeline: WHAT_IF, run });
    await cloud.jobs.settled(execution, LONGEST_JOB_SECONDS);
    const { state } = cloud.jobs.execution(execution);
    const isCancelled = isWell(started) && isWell(answer) && state === 'cancelled';
    return { isDone: isCancelled, message: `${answerText(answer)}; the execution ${state}` };
  },
};

async function startedOf(runs: ObjectStore, run: string): Promise<{ readonly execution: string }> {
  const started = await readJson(runs, startedObject(WHAT_IF, run, 1), executionStarted);
  return { execution: started?.value.execution ?? '' };
}

const settling: RequestsWork = {
  what: 'the dispatch judges a slot by its output',
  needs: ['startRun-reads-results'],
  async attempt({ decided, deliver, ended: run, remove }) {
    await remove(outcomeObject(WHAT_IF, run));
    await decided(1, [run]);
    const answer = await deliver('start-run', { pipeline: WHAT_IF, run });
    return { isDone: isWell(answer), message: answerText(answer) };
  },
};

const ending: RequestsWork = {
  what: 'the dispatch ends a cancelled request: it announces the end and deletes the entry',
  needs: ['startRun-run-ended', 'startRun-changes-queue'],
  async attempt({ accepted, deliver, mesh, isQueued }) {
    const run = await accepted();
    const at = new Date().toISOString();
    const gate = { kind: 'cancel', by: OPERATOR, reason: 'a test', at };
    await mesh.runs.create(startObject(WHAT_IF, run), toJson(gate), 'application/json');
    const answer = await deliver('start-run', { pipeline: WHAT_IF, run });
    return { isDone: isWell(answer) && !(await isQueued(run)), message: answerText(answer) };
  },
};

const forgetting: RequestsWork = {
  what: 'the dispatch deletes the decisions before the last thousand',
  needs: ['startRun-changes-dispatch'],
  async attempt({ accepted, decided, deliver, decisions }) {
    await decided(1);
    await decided(1000);
    const answer = await deliver('start-run', { pipeline: WHAT_IF, run: await accepted() });
    const isForgotten = !(await decisions()).includes(1);
    return { isDone: isWell(answer) && isForgotten, message: answerText(answer) };
  },
};

const publishing: RequestsWork = {
  what: 'publish-output publishes the result of an attempt in a slot',
  needs: ['publishOutput-reads-requests'],
  async attempt({ decided, deliver, ended: run, remove, exists }) {
    await remove(outcomeObject(WHAT_IF, run));
    await decided(1, [run]);
    const answer = await deliver('publish-output', { pipeline: WHAT_IF, run, attempt: 1 });
    const isPublished = await exists(outcomeObject(WHAT_IF, run));
    return { isDone: isWell(answer) && isPublished, message: answerText(answer) };
  },
};

const releasing: RequestsWork = {
  what: 'publish-output releases a held result, and announces it',
  needs: ['publishOutput-run-ended'],
  async attempt({ hold, deliver, ended: run, exists }) {
    await hold();
    const replay = nextId().toLowerCase();
    const message = { pipeline: WHAT_IF, run, replay, allowOlder: false, by: OPERATOR, reason: 'a test' };
    const answer = await deliver('publish-output', message);
    const isRecorded = await exists(replayObject(WHAT_IF, run, replay));
    return { isDone: isWell(answer) && isRecorded, message: answerText(answer) };
  },
};

const sweeping: RequestsWork = {
  what: 'a sweep starts a request whose hint was lost',
  needs: ['sweepRuns-reads-requests'],
  async attempt({ accepted, mesh, exists }) {
    const run = await accepted();
    const status = await mesh.fire('sweep');
    return { isDone: await exists(startedObject(WHAT_IF, run, 1)), message: `the sweep answered ${status}` };
  },
};

const commanding: RequestsWork = {
  what: 'an operator holds a request that waits',
  needs: ['handleCommands-reads-requests'],
  attempt: async (setup) => command(setup, { verb: 'hold', pipeline: WHAT_IF, run: await setup.accepted() }),
};

const working: RequestsWork = {
  what: 'the job reads its parameters and its input, keeps the weeks that it trained and writes its result',
  needs: ['reads-runs', 'reads-content', 'adds-results', 'adds-training-cache'].map(
    (right) => `${WHAT_IF_JOB}-${right}`,
  ),
  ...xgboostHere,
  async attempt({ mesh: { cloud }, ended }) {
    const name = `projects/${cloud.projectId}/locations/${REGION}/jobs/${WHAT_IF_JOB}`;
    const env = { PIPELINE: WHAT_IF, RUN_ID: ended, ATTEMPT: String(++attempts) };
    const execution = cloud.jobs.run(name, { env });
    await cloud.jobs.settled(execution.name, LONGEST_JOB_SECONDS);
    const { state } = cloud.jobs.execution(execution.name);
    return { isDone: state === 'succeeded', message: `the execution ${state}` };
  },
};
const LONGEST_JOB_SECONDS = 120;
// The published run's own attempt is the first.
let attempts = 1;

const reading: RequestsWork = {
  what: 'an operator reads the queue and the slots of the pipeline',
  needs: [`user:${OPERATOR}-reads-requests`],
  async attempt(setup) {
    try {
      await readLine(await targetOf(setup), forecastWhatIf);
      return { isDone: true, message: '' };
    } catch (error) {
      return { isDone: false, message: messageOf(error) };
    }
  },
};

export const REQUEST_WORKS: readonly RequestsWork[] = [
  accepting,
  hinting,
  acceptingAgain,
  erasing,
  showing,
  linking,
  watching,
  starting,
  stopping,
  settling,
  ending,
  forgetting,
  publishing,
  releasing,
  sweeping,
  commanding,
  working,
  traced(working, 'forecast', `${WHAT_IF}-job-traces`),
  reading,
];
