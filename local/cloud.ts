// The embedded cloud: every service over one folder on disk and one loopback address per identity.
import { bigquery } from './bigquery/service.ts';
import { openContext } from './context.ts';
import { drive } from './drive/service.ts';
import { functions } from './functions/service.ts';
import { OPERATOR } from './http/api.ts';
import { iam } from './iam/service.ts';
import { iap } from './iap/service.ts';
import { logging } from './logging/service.ts';
import { metadata } from './metadata/service.ts';
import { pubsub } from './pubsub/service.ts';
import { jobs } from './run/service.ts';
import { scheduler } from './scheduler/service.ts';
import type { Cloud, CloudOptions, Creators, Service, Services } from './service.ts';
import { storage } from './storage/service.ts';
import { thirdParties } from './third-parties/service.ts';
import { traces } from './trace/service.ts';

export type { Cloud, CloudOptions } from './service.ts';

/**
 * In the order in which they are opened, provisioned and started, and the reverse of the one in which they stop:
 * who calls starts after, and stops before, what it calls.
 */
const SERVICES: { readonly [Name in keyof Services]: Service<Services[Name]> } = {
  iam,
  metadata,
  drive,
  traces,
  bigquery,
  storage,
  functions,
  iap,
  jobs,
  logging,
  pubsub,
  scheduler,
  thirdParties,
};

/** What the infra program can have the cloud create, in the order in which one needs the other. */
export const CREATORS: Creators = Object.assign(
  {},
  ...Object.values(SERVICES).map((each) => each.creators),
) as Creators;

/** Opens the cloud; nothing moves before `start`. One process may have a folder open at a time. */
export async function openCloud(options: CloudOptions): Promise<Cloud> {
  const context = await openContext(options);
  const { api, state, envOf } = context;
  const opened: Partial<Record<string, unknown>> = {};
  const services = opened as unknown as Services;
  const all: readonly [string, Service<unknown>][] = Object.entries(SERVICES);
  for (const [name, service] of all) {
    // A commit for each service, and not for each of its tables: every one waits for the disk.
    opened[name] = await state.transaction(() => service.open(context, services));
  }
  for (const [name, service] of all) service.routes?.(api.app, opened[name], context);
  const endpoint = `http://127.0.0.1:${await context.portOf(OPERATOR)}`;
  return {
    ...services,
    projectId: options.projectId,
    endpoint,
    api,
    functionUrl: (name) => `${endpoint}/functions/${name}`,
    envOf,
    changes: () => state.changes(),
    transaction: (work) => state.transaction(work),
    async start() {
      for (const [name, service] of all) await service.start?.(opened[name]);
    },
    async close() {
      for (const [name, service] of all.toReversed()) await service.stop?.(opened[name]);
      await api.close();
      for (const [name, service] of all.toReversed()) await service.close?.(opened[name]);
      state.close();
    },
  };
}
