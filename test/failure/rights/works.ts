// The pieces of work that the rights are there for: each with the grants that it cannot do without.
import { REGION } from '../../../cli/local-mesh.ts';
import { askForBuild } from '../../../local/functions/building.ts';
import { cancelObject, outcomeObject, startedObject } from '../../../shared/runs/names.ts';
import { readOutcome } from '../../../shared/runs/outcome.ts';
import { xgboostHere } from '../../jobs/xgboost/installed.ts';
import { nextId } from '../../mesh/orders.ts';
import { AGENTS } from './agents.ts';
import { LETTERS } from './letters.ts';
import { OPERATORS } from './operators.ts';
import { OPERATOR, PIPELINE } from './scene.ts';
import { freed, isWell, looked, order, replayed, wordsOf, type Work } from './work.ts';

const JOB = `${PIPELINE}-forecast`;
const LONGEST_JOB_SECONDS = 60;

const looking: Work = {
  what: 'a tick looks at the folder and asks for a run',
  needs: [
    'detect-changes-scheduler-invoker',
    'detectChanges-adds-runs',
    'detectChanges-moves-pointers',
    'detectChanges-run-requested',
  ],
  attempt: looked,
};

const starting: Work = {
  what: 'a message starts the job of the run that was asked for',
  needs: ['start-run-courier-invoker', 'startRun-adds-runs', `${JOB}-startRun-starts`],
  async attempt(scene) {
    const run = await scene.requested();
    const answer = await scene.push('start-run', { pipeline: PIPELINE, run });
    const isStarted = await scene.exists(startedObject(PIPELINE, run, 1));
    return { isDone: isWell(answer) && isStarted, said: wordsOf(answer) };
  },
};

const endingBeforeTheJob: Work = {
  what: 'start-run ends a cancelled run, frees the lease and calls the run that waits',
  needs: ['startRun-moves-pointers', 'startRun-run-requested'],
  async attempt(scene) {
    const run = await scene.requested();
    await scene.lease(run, scene.published);
    const at = new Date().toISOString();
    await scene.put(cancelObject(PIPELINE, run), { order: nextId(), by: OPERATOR, reason: 'a test', at });
    return freed(scene, await scene.push('start-run', { pipeline: PIPELINE, run }));
  },
};

const publishing: Work = {
  what: 'load-output stages, checks and publishes an output',
  needs: [
    'load-output-courier-invoker',
    'loadOutput-adds-runs',
    'loadOutput-reads-results',
    'loadOutput-makes-jobs',
    'loadOutput-carmila_data',
    'loadOutput-carmila_data_staging',
  ],
  attempt: replayed,
};

const givingBack: Work = {
  what: 'load-output gives back the lease of an ended run and calls the run that waits',
  needs: ['loadOutput-moves-pointers', 'loadOutput-run-requested'],
  async attempt(scene) {
    const { published: run } = scene;
    await scene.lease(run, run);
    return freed(scene, await scene.push('load-output', { pipeline: PIPELINE, run, attempt: 1 }));
  },
};

const sweepingUp: Work = {
  what: 'a sweep frees the lease of an ended run and calls start-run for the run that waits',
  needs: [
    'sweep-runs-scheduler-invoker',
    'sweepRuns-adds-runs',
    'sweepRuns-moves-pointers',
    'start-run-sweepRuns-invoker',
  ],
  async attempt(scene) {
    await scene.lease(scene.published, scene.published);
    return freed(scene, { status: await scene.mesh.fire('sweep'), text: '' });
  },
};

const sweepingOn: Work = {
  what: 'a sweep looks at an execution and its output, and calls load-output',
  needs: ['sweepRuns-reads-results', `${JOB}-sweepRuns-minds`, 'load-output-sweepRuns-invoker'],
  async attempt(scene) {
    const { mesh, published } = scene;
    await scene.remove(outcomeObject(PIPELINE, published));
    await scene.lease(published, null);
    const since = mesh.heard.length;
    await mesh.fire('sweep');
    return mesh.until('the outcome, or why load-output was not called', async () => {
      const refused = mesh.heard
        .slice(since)
        .find((line) => line.startsWith('sweep-runs') && /denied|it takes/.test(line));
      if (refused !== undefined) return { isDone: false, said: refused };
      // The rows were staged and dropped long ago: they are staged anew, and their publication is met again.
      const outcome = await readOutcome(mesh.runs, PIPELINE, published);
      return outcome && { isDone: outcome.outcome === 'published', said: outcome.reason };
    });
  },
};

const sweepingAtOnce: Work = {
  what: 'news of a finished execution makes the sweep act',
  needs: ['sweep-runs-courier-invoker'],
  async attempt(scene) {
    await scene.lease(scene.published, scene.published);
    const resource = { type: 'cloud_run_job', labels: { job_name: JOB } };
    return freed(scene, await scene.push('sweep-runs', { resource }));
  },
};

const pausing: Work = {
  what: 'a person pauses the pipeline',
  needs: ['takeOrders-adds-audit', 'takeOrders-adds-runs', 'takeOrders-moves-pointers'],
  attempt: (scene) => order(scene, { verb: 'pause', pipeline: PIPELINE }),
};

const forcing: Work = {
  what: 'a person asks for a run of the folder as it is',
  needs: ['detect-changes-takeOrders-invoker'],
  attempt: (scene) => order(scene, { verb: 'run', pipeline: PIPELINE }),
};

const cancelling: Work = {
  what: 'a person cancels a run, sees its execution gone, and the run that waits is called',
  needs: [`${JOB}-takeOrders-minds`, 'takeOrders-reads-results', 'takeOrders-run-requested'],
  async attempt(scene) {
    const run = await scene.submitted();
    await scene.lease(run, scene.published);
    return order(scene, { verb: 'cancel', pipeline: PIPELINE, run });
  },
};

const working: Work = {
  what: 'the job reads its input, keeps the weeks that it trained and writes its output',
  needs: [`${JOB}-reads-runs`, `${JOB}-adds-results`, `${JOB}-adds-models`],
  ...xgboostHere,
  async attempt({ mesh: { cloud }, published }) {
    const name = `projects/${cloud.projectId}/locations/${REGION}/jobs/${JOB}`;
    const attempt = { PIPELINE, RUN_ID: published, ATTEMPT: String(++attempts) };
    const execution = cloud.jobs.run(name, {
      env: attempt,
    });
    await cloud.jobs.settled(execution.name, LONGEST_JOB_SECONDS);
    const { state } = cloud.jobs.execution(execution.name);
    return { isDone: state === 'succeeded', said: `the execution ${state}` };
  },
};
// Each execution writes in an attempt's folder of its own; the published run's own attempt is the first.
let attempts = 1;

const telling: Work = {
  what: 'Cloud Storage tells the topic of a finished object',
  needs: ['storage-output-finalized'],
  async attempt({ mesh }) {
    await mesh.results.create(`${PIPELINE}/news-${nextId()}`, 'news', 'text/plain');
    return { isDone: !mesh.cloud.pubsub.idle(), said: '' };
  },
};

const tellingOfExecutions: Work = {
  what: 'Cloud Logging tells the topic of a finished execution',
  needs: ['logging-execution-finished'],
  ...xgboostHere,
  async attempt(scene, plan) {
    const since = scene.mesh.heard.length;
    await working.attempt(scene, plan);
    const refused = scene.mesh.heard.slice(since).find((line) => line.startsWith('logging: '));
    return { isDone: refused === undefined && !scene.mesh.cloud.pubsub.idle(), said: refused ?? '' };
  },
};

/** The trace of a work, by whoever does it. A trace that is lost stops nothing (so the work itself is done). */
const traced = (work: Work, component: string, grant: string): Work => ({
  what: `${component} sends the trace of its work`,
  needs: [grant],
  skip: work.skip ?? false,
  async attempt(scene, plan) {
    const { mesh } = scene;
    const [since, spans] = [mesh.heard.length, mesh.cloud.traces.count(component)];
    await work.attempt(scene, plan);
    return mesh.until('a trace, or word of its loss', () => {
      const lost = mesh.heard
        .slice(since)
        .find((line) => LOST.test(line) && line.includes(`"component":"${component}"`));
      if (lost !== undefined) return { isDone: false, said: lost };
      return mesh.cloud.traces.count(component) > spans ? { isDone: true, said: '' } : undefined;
    });
  },
});
const LOST = /the trace of this call is lost/;

const building: Work = {
  what: 'the functions are built',
  needs: ['build-reads-sources', 'build-writes-logs', 'build-writes-images'],
  attempt({ mesh }, plan) {
    try {
      for (const resource of plan) askForBuild(resource, mesh.cloud);
      return Promise.resolve({ isDone: true, said: '' });
    } catch (error) {
      return Promise.resolve({ isDone: false, said: (error as Error).message });
    }
  },
};

export const WORKS: readonly Work[] = [
  looking,
  starting,
  endingBeforeTheJob,
  publishing,
  givingBack,
  sweepingUp,
  sweepingOn,
  sweepingAtOnce,
  pausing,
  forcing,
  cancelling,
  working,
  telling,
  tellingOfExecutions,
  building,
  traced(looking, 'detect-changes', 'detectChanges-traces'),
  traced(starting, 'start-run', 'startRun-traces'),
  traced(givingBack, 'load-output', 'loadOutput-traces'),
  traced(sweepingUp, 'sweep-runs', 'sweepRuns-traces'),
  traced(forcing, 'take-orders', 'takeOrders-traces'),
  traced(working, 'forecast', `${PIPELINE}-job-traces`),
  ...LETTERS,
  ...OPERATORS,
  ...AGENTS,
];
