// The jobs of the infra program.
import { count, group, groups, knownInputs, text, texts, onlyOne, type Shape } from '../provision/inputs.ts';
import type { Creator, Creators } from '../service.ts';

const JOB: Shape = {
  name: 'value',
  location: 'value',
  // Nothing is taken down here, so there is nothing to protect.
  deletionProtection: 'value',
  template: {
    taskCount: [1],
    parallelism: [1],
    template: {
      containers: {
        image: 'value',
        envs: { name: 'value', value: 'value' },
        resources: { limits: { cpu: 'value', memory: 'value' } },
      },
      maxRetries: 'value',
      serviceAccount: 'value',
      timeout: 'value',
    },
  },
};

const job: Creator = (resource, { cloud }) => {
  const inputs = knownInputs(resource, JOB);
  const task = group(group(inputs, 'template'), 'template');
  const container = onlyOne(groups(task, 'containers'), `containers of the job ${resource.name}`);
  const { cpu, memory } = texts(group(group(container, 'resources'), 'limits'));
  cloud.jobs.ensureJob({
    name: `projects/${cloud.projectId}/locations/${text(inputs, 'location')}/jobs/${text(inputs, 'name')}`,
    image: text(container, 'image'),
    env: Object.fromEntries(groups(container, 'envs').map((env) => [text(env, 'name'), text(env, 'value')])),
    serviceAccountEmail: text(task, 'serviceAccount'),
    maxRetries: count(task, 'maxRetries'),
    timeoutSeconds: Number.parseInt(text(task, 'timeout'), 10),
    ...(cpu === undefined ? {} : { cpu }),
    ...(memory === undefined ? {} : { memory }),
  });
};

export const creators: Creators = {
  'gcp:cloudrunv2/job:Job': job,
};
