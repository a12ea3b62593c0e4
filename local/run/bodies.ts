// Reads the bodies of Cloud Run requests; what would change behaviour and is not known here is refused by name.
import { invalid, notImplemented, refuseUnknownFields } from '../http/errors.ts';
import type { JobSpec, Overrides } from './records.ts';

type Json = Record<string, unknown>;

/** The overrides in the body of a `:run` request, v2 or v1; undefined when none were sent. */
export function readOverrides(body: unknown): Overrides | undefined {
  const request = objectOf('the body', body ?? {});
  refuseUnknownFields('run', filled(request), ['name', 'overrides', 'validateOnly']);
  if (request['validateOnly'] === true) throw notImplemented('the field run.validateOnly');
  if (request['overrides'] === undefined) return undefined;
  const overrides = objectOf('overrides', request['overrides']);
  refuseUnknownFields('overrides', filled(overrides), [
    'containerOverrides',
    'taskCount',
    'timeout',
    'timeoutSeconds',
  ]);
  // 0 is what a client sends that means "as the job sets it".
  if (![undefined, 0, 1].includes(overrides['taskCount'] as number | undefined)) {
    throw notImplemented(`overrides.taskCount ${String(overrides['taskCount'])}: an execution has one task`);
  }
  const containers = (overrides['containerOverrides'] ?? []) as unknown[];
  if (containers.length > 1) throw notImplemented('more than one container in overrides.containerOverrides');
  const container = objectOf('overrides.containerOverrides[0]', containers[0] ?? {});
  refuseUnknownFields('containerOverrides', filled(container), ['name', 'args', 'env', 'clearArgs']);
  const args = container['args'] as string[] | undefined;
  const timeoutSeconds = readSeconds(overrides['timeout'] ?? overrides['timeoutSeconds']);
  return {
    ...(args !== undefined && args.length > 0 && { args }),
    ...(container['env'] !== undefined && { env: readEnv(container['env']) }),
    ...(timeoutSeconds !== undefined && { timeoutSeconds }),
  };
}

/** The job that a v2 body describes. */
export function readJob(name: string, body: unknown): JobSpec {
  const job = objectOf('job', body);
  refuseUnknownFields('job', filled(job), ['name', 'template']);
  const execution = objectOf('job.template', job['template']);
  refuseUnknownFields('template', filled(execution), ['template', 'taskCount', 'parallelism']);
  if (Number(execution['taskCount'] ?? 1) > 1) throw notImplemented('template.taskCount over 1');
  const task = objectOf('job.template.template', execution['template']);
  const known = ['containers', 'maxRetries', 'timeout', 'serviceAccount', 'executionEnvironment'];
  refuseUnknownFields('template.template', filled(task), known);
  const containers = (task['containers'] ?? []) as unknown[];
  if (containers.length !== 1) throw invalid('A job must have exactly one container.');
  const container = objectOf('containers[0]', containers[0]);
  refuseUnknownFields('containers', filled(container), ['name', 'image', 'env', 'resources']);
  const resources = objectOf('resources', container['resources'] ?? {});
  refuseUnknownFields('resources', filled(resources), ['limits']);
  const limits = (resources['limits'] ?? {}) as { cpu?: string; memory?: string };
  return {
    name,
    image: String(container['image'] ?? ''),
    env: readEnv(container['env'] ?? []),
    serviceAccountEmail: String(task['serviceAccount'] ?? ''),
    maxRetries: Number(task['maxRetries'] ?? 3),
    timeoutSeconds: readSeconds(task['timeout']) ?? 600,
    ...(limits.cpu && { cpu: limits.cpu }),
    ...(limits.memory && { memory: limits.memory }),
  };
}

function objectOf(what: string, value: unknown): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid(`${what} must be an object.`);
  }
  return value as Json;
}

/** The fields that are set: in protobuf's JSON, a default value means the same as its absence. */
function filled(message: Json): Json {
  const isDefault = (value: unknown): boolean =>
    value === null || (typeof value === 'object' ? Object.keys(value).length === 0 : !value);
  return Object.fromEntries(
    Object.entries(message).filter(([, value]) => !isDefault(value) && !/_UNSPECIFIED$/.test(String(value))),
  );
}

function readEnv(value: unknown): Record<string, string> {
  if (!Array.isArray(value)) throw invalid('env must be a list.');
  const entries = value.map((entry) => {
    const variable = objectOf('env[]', entry);
    refuseUnknownFields('env', filled(variable), ['name', 'value']);
    if (typeof variable['name'] !== 'string' || variable['name'] === '')
      throw invalid('env[].name is missing.');
    return [variable['name'], String(variable['value'] ?? '')];
  });
  return Object.fromEntries(entries) as Record<string, string>;
}

/** `"3600s"` in v2, a number or a numeral in v1; at most seven days, as a task may take. */
export function readSeconds(value: unknown): number | undefined {
  if (value === undefined) return undefined;
  const seconds = Number(/^(\d+(?:\.\d+)?)s?$/.exec(String(value))?.[1]);
  if (!(seconds > 0 && seconds <= 7 * 24 * 3600)) throw invalid(`${String(value)} is not a valid timeout.`);
  return seconds;
}

/** 0 or absent: as many as the service likes. */
export function readPageSize(text = '0'): number {
  if (!/^\d{1,9}$/.test(text)) throw invalid(`Invalid page size: ${text}`);
  return Number(text);
}
