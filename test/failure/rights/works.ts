// The pieces of work that the rights are there for: each with the grants that it cannot do without.
import { REGION } from '../../../cli/local-mesh.ts';
import { resourceNameOf } from '../../../infra/identities.ts';
import { askForBuild } from '../../../local/functions/building.ts';
import { carmila } from '../../../pipelines/carmila.ts';
import { loadFunctions } from '../../../shared/functions/registry.ts';
import { deployedFunctions } from '../../../shared/functions/services.ts';
import { xgboostHere } from '../../jobs/xgboost/installed.ts';
import type { RunningMesh } from '../../mesh/start-mesh.ts';
import { nextId } from '../../mesh/operator-commands.ts';
import { AGENTS } from './agents.ts';
import { DEAD_LETTERS_OF } from './dead-letters.ts';
import { OPERATORS } from './operators.ts';
import { JOB, PIPELINE } from './setup.ts';
import type { FunctionWorks, Work } from './work.ts';

const LONGEST_JOB_SECONDS = 60;

const working: Work = {
  what: 'the job reads its input, keeps the weeks that it trained and writes its output',
  needs: [`${JOB}-reads-runs`, `${JOB}-adds-results`, `${JOB}-adds-training-cache`],
  ...xgboostHere,
  async attempt({ mesh: { cloud }, published }) {
    const name = `projects/${cloud.projectId}/locations/${REGION}/jobs/${JOB}`;
    const attempt = { PIPELINE, RUN_ID: published, ATTEMPT: String(++attempts) };
    const execution = cloud.jobs.run(name, {
      env: attempt,
    });
    await cloud.jobs.settled(execution.name, LONGEST_JOB_SECONDS);
    const { state } = cloud.jobs.execution(execution.name);
    return { isDone: state === 'succeeded', message: `the execution ${state}` };
  },
};
// Each execution writes in an attempt's folder of its own; the published run's own attempt is the first.
let attempts = 1;

const notifying: Work = {
  what: 'Cloud Storage notifies the topic of a finished object',
  needs: ['storage-output-finalized'],
  async attempt({ mesh }) {
    await mesh.results.create(`${PIPELINE}/event-${nextId()}`, 'event', 'text/plain');
    return { isDone: !mesh.cloud.pubsub.idle(), message: '' };
  },
};

const tellingOfExecutions: Work = {
  what: 'Cloud Logging tells the topic of a finished execution',
  needs: ['logging-execution-finished'],
  ...xgboostHere,
  async attempt(setup, plan) {
    const since = setup.mesh.logLines.length;
    await working.attempt(setup, plan);
    const refused = setup.mesh.logLines.slice(since).find((line) => line.startsWith('logging: '));
    return { isDone: refused === undefined && !setup.mesh.cloud.pubsub.idle(), message: refused ?? '' };
  },
};

/** The trace of a work, by the identity that does it. A trace that is lost stops nothing (so the work itself is done). */
export const traced = <On extends { readonly mesh: Pick<RunningMesh, 'cloud' | 'logLines' | 'until'> }>(
  work: Work<On>,
  component: string,
  grant: string,
): Work<On> => ({
  what: `${component} sends the trace of its work`,
  needs: [grant],
  skip: work.skip ?? false,
  async attempt(setup, plan) {
    const { mesh } = setup;
    const [since, spans] = [mesh.logLines.length, mesh.cloud.traces.count(component)];
    await work.attempt(setup, plan);
    return mesh.until('a trace, or word of its loss', () => {
      const lost = mesh.logLines
        .slice(since)
        .find((line) => LOST.test(line) && line.includes(`"component":"${component}"`));
      if (lost !== undefined) return { isDone: false, message: lost };
      return mesh.cloud.traces.count(component) > spans ? { isDone: true, message: '' } : undefined;
    });
  },
});
const LOST = /The trace of this call is lost/;

const building: Work = {
  what: 'the functions are built',
  needs: ['build-reads-sources', 'build-writes-logs', 'build-writes-images'],
  attempt({ mesh }, plan) {
    try {
      for (const resource of plan) askForBuild(resource, mesh.cloud);
      return Promise.resolve({ isDone: true, message: '' });
    } catch (error) {
      return Promise.resolve({ isDone: false, message: (error as Error).message });
    }
  },
};

/** A function brings its works in a file of its name, as it brings its declaration. */
const ofFunctions = await Promise.all(
  [...deployedFunctions(loadFunctions(), [carmila], true).keys()].map(async (name) => {
    const { default: own } = (await import(`./functions/${name}.ts`)) as { default: FunctionWorks };
    return [...own.works, traced(own.traced, name, `${resourceNameOf(name)}-traces`)];
  }),
);

export const WORKS: readonly Work[] = [
  ...ofFunctions.flat(),
  working,
  notifying,
  tellingOfExecutions,
  building,
  traced(working, 'forecast', `${PIPELINE}-job-traces`),
  ...DEAD_LETTERS_OF,
  ...OPERATORS,
  ...AGENTS,
];
