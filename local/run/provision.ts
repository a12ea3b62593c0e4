// The jobs of the infra program.
import { count, group, groups, knownInputs, text, texts } from '../provision/inputs.ts';
import type { Creator, Creators } from '../service.ts';

const job: Creator = (resource, { cloud }) => {
  // Nothing is taken down here, so there is nothing to protect.
  const inputs = knownInputs(resource, ['name', 'location', 'template', 'deletionProtection']);
  const task = group(group(inputs, 'template'), 'template');
  const [container] = groups(task, 'containers');
  if (container === undefined) throw new Error(`the job ${resource.name} has no container`);
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
