// One identity per function and job, and one for each thing that calls or builds them.
import * as gcp from '@pulumi/gcp';

export const identity = (name: string, displayName: string) =>
  new gcp.serviceaccount.Account(name, { accountId: `sluice-${name}`, displayName });

/** The identity that the program runs as. A person makes it, before there is a program: docs/DEPLOY.md. */
export const deployerOf = (project: string): string => `sluice-deploy@${project}.iam.gserviceaccount.com`;

export type Identity = gcp.serviceaccount.Account;

export interface Identities {
  readonly detectChanges: Identity;
  readonly startRun: Identity;
  readonly loadOutput: Identity;
  readonly sweepRuns: Identity;
  readonly takeOrders: Identity;
  /** Calls the scheduled functions. */
  readonly scheduler: Identity;
  /** Carries events and messages to the functions that wait for them. */
  readonly courier: Identity;
  /** Builds the functions, and calls none. */
  readonly build: Identity;
}

export const createIdentities = (): Identities => ({
  detectChanges: identity('detect-changes', 'Looks at the source and asks for runs'),
  startRun: identity('start-run', 'Freezes sources and starts jobs'),
  loadOutput: identity('load-output', 'Loads outputs into the warehouse'),
  sweepRuns: identity('sweep-runs', 'Pushes on what is overdue'),
  takeOrders: identity('take-orders', 'Carries out what operators ask for'),
  scheduler: identity('scheduler', 'Calls the scheduled functions'),
  courier: identity('courier', 'Delivers events to functions'),
  build: identity('build', 'Builds the functions'),
});
