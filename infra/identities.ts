// One identity for each function and job, and one for each service that calls or builds them.
import * as gcp from '@pulumi/gcp';
import type { DeployedFunctions } from '../shared/functions/services.ts';

export const identity = (name: string, displayName: string) =>
  new gcp.serviceaccount.Account(name, { accountId: `sluice-${name}`, displayName });

/** The identity that the program runs as. It has to be created before the first deployment: docs/DEPLOY.md. */
export const deployerOf = (project: string): string => `sluice-deploy@${project}.iam.gserviceaccount.com`;

export type Identity = gcp.serviceaccount.Account;

export interface Identities {
  /** By the name that the function is deployed with. */
  readonly of: (functionName: string) => Identity;
  /** Calls the scheduled functions. */
  readonly scheduler: Identity;
  /** Delivers events and messages to functions. */
  readonly pubsubInvoker: Identity;
  /** Builds the functions; calls none. */
  readonly build: Identity;
}

export function createIdentities(functions: DeployedFunctions): Identities {
  const identities = new Map(
    [...functions.values()].map(({ name, purpose }) => [name, identity(name, purpose)]),
  );
  return {
    of(name) {
      const found = identities.get(name);
      if (found === undefined)
        throw new RangeError(`the program creates no identity for a function "${name}"`);
      return found;
    },
    scheduler: identity('scheduler', 'Calls the scheduled functions'),
    pubsubInvoker: identity('pubsub-invoker', 'Delivers events to functions'),
    build: identity('build', 'Builds the functions'),
  };
}

/** A function's name in the names of resources: `detectChanges`. */
export const resourceNameOf = (functionName: string): string =>
  functionName.replaceAll(/-([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase());
