// The variables that every deployed function is given, and the names that infra gives to what they share.
import { z } from 'zod';
import { cloudVariables } from './config.ts';

export const meshVariables = {
  ...cloudVariables,
  RUNS_BUCKET: z.string().min(1),
  RESULTS_BUCKET: z.string().min(1),
  RUN_REQUESTED_TOPIC: z.string().min(1),
  WAREHOUSE_LOCATION: z.string().min(1),
};

export const runsBucketOf = (project: string) => `${project}-sluice-runs`;
export const resultsBucketOf = (project: string) => `${project}-sluice-results`;
export const modelsBucketOf = (project: string) => `${project}-sluice-models`;
export const RUN_REQUESTED = 'run-requested';
export const LOAD_REQUESTED = 'load-requested';
