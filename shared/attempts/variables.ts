// The variables of every job: which attempt of which run it is, and the names of its buckets.
import { bucket, cloudVariables, matching, text } from '../config.ts';
import { isPipelineName, isRunId } from '../runs/names.ts';

const RUN_ID = 'the id of a run, such as 000005-3fa9c1d2, or r<owner>-<key>';
const MOST_ATTEMPTS = 99;

export const numberUpTo = (most: number) =>
  matching(/^\d+$/, `a whole number from 1 to ${most}`)
    .transform(Number)
    .refine((number) => number >= 1 && number <= most, `expected a whole number from 1 to ${most}`);

export const attemptVariables = {
  ...cloudVariables,
  PIPELINE: text('the name of a pipeline').refine(isPipelineName, 'expected the name of a pipeline'),
  RUN_ID: text(RUN_ID).refine(isRunId, `expected ${RUN_ID}`),
  ATTEMPT: numberUpTo(MOST_ATTEMPTS),
  RUNS_BUCKET: bucket(),
  RESULTS_BUCKET: bucket(),
  /** A cache of results that the job can compute again. */
  TRAINING_CACHE_BUCKET: bucket(),
  /** Where the champions are; given to the job of a pipeline that publishes a model. */
  EXPORTS_BUCKET: bucket().optional(),
  /** Where the parameters are; given to the job of a pipeline whose runs are requested. */
  REQUESTS_BUCKET: bucket().optional(),
};
