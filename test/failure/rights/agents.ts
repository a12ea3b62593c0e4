// The work that Google's own agents do unseen: stored data is encrypted, and pushes are signed.
import { EXECUTION_FINISHED } from '../../../shared/deployment.ts';
import { PIPELINE } from './setup.ts';
import { polled, replayed, type Work } from './work.ts';

const keeping: Work = {
  what: 'Cloud Storage reads and writes buckets that have a key',
  needs: ['storage-agent-encrypts'],
  attempt: polled,
};

const passingOn: Work = {
  what: 'Pub/Sub takes messages of topics that have a key',
  needs: ['messages-agent-encrypts'],
  attempt: polled,
};

const holding: Work = {
  what: 'BigQuery reads and writes tables that have a key',
  needs: ['warehouse-agent-encrypts'],
  attempt: replayed,
};

const signing: Work = {
  what: 'Pub/Sub brings a message to its function, signed as the pubsub-invoker',
  needs: ['messages-agent-signs'],
  async attempt({ mesh }) {
    const { pubsub, projectId } = mesh.cloud;
    const since = mesh.logLines.length;
    // An execution event without a run: the sweep finds nothing to do.
    const event = { resource: { type: 'cloud_run_job', labels: { job_name: `${PIPELINE}-forecast` } } };
    const data = Buffer.from(JSON.stringify(event)).toString('base64');
    pubsub.publish(`projects/${projectId}/topics/${EXECUTION_FINISHED}`, [{ data }]);
    pubsub.start();
    try {
      return await mesh.until('an answer to the push, or word of why there was none', () => {
        const refused = mesh.logLines.slice(since).find((line) => line.startsWith('pubsub: '));
        if (refused !== undefined) return { isDone: false, message: refused };
        return pubsub.idle() ? { isDone: true, message: '' } : undefined;
      });
    } finally {
      await pubsub.stop();
    }
  },
};

export const AGENTS: readonly Work[] = [keeping, passingOn, holding, signing];
