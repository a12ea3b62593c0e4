// What-if forecasts: Carmila's published input with other openings, in; a forecast beside the published one, out.
import { z } from 'zod';
import {
  MOST_DAYS,
  otherOpening,
  whatIfParameters,
  whatIfResult,
  type WhatIfParameters,
} from '../models/forecast/what-if.ts';
import { hours, minutes } from '../shared/pipelines/duration.ts';
import { result } from '../shared/pipelines/outputs.ts';
import { definePipeline } from '../shared/pipelines/pipeline.ts';
import { requests, type Parameters } from '../shared/pipelines/requests.ts';
import { fromEnv } from '../shared/pipelines/setting.ts';

/** A request that names no sites is of all of them; their number stands in the input alone, and changes seldom. */
const ALL_SITES = 200;
const MONTH_DAYS = 31;

const unitsOf = (parameters: Parameters): number => {
  const { sites, horizon_days: days = MOST_DAYS } = parameters as WhatIfParameters;
  return (sites?.length ?? ALL_SITES) * days;
};

/** Of a preset: every field may still be set, within tighter bounds. */
const bounded = (days: number) =>
  whatIfParameters.extend({
    openings: z.array(otherOpening).max(100).optional(),
    horizon_days: z.int().min(1).max(days).optional(),
  });

export const forecastWhatIf = definePipeline({
  name: 'forecast-what-if',
  timeZone: 'Europe/Paris',
  trigger: requests({
    parameters: whatIfParameters,
    presets: {
      'sunday-openings': {
        description: 'All sites open on every Sunday of the next 8 weeks',
        parameters: { openings: [{ weekday: 'sunday', open: true }], horizon_days: 56 },
        bounds: bounded(MOST_DAYS),
      },
      'next-month': {
        description: 'The next 31 days of all sites; set sites and openings as needed',
        parameters: { horizon_days: MONTH_DAYS },
        bounds: bounded(MONTH_DAYS),
      },
    },
    units: unitsOf,
    concurrency: 2,
    approval: 'none',
    expiresAfter: hours(24),
    waitingPerOwner: 20,
    // A run costs a cent, and half a dollar where the training cache is lost and every attempt takes its whole time.
    spending: { perOwner: 5, inAll: 20 },
    inputOf: 'carmila',
  }),
  job: {
    image: 'forecast',
    cpu: 2,
    memory: '4Gi',
    timeout: minutes(60),
    attempts: 2,
    env: { COUNTRY: 'FR', TRAINING_OF: 'carmila' },
    settings: [fromEnv('ENGINE_FALLBACK', 'none'), fromEnv('XGBOOST_LIBRARY', '')],
  },
  outputs: [result({ file: 'forecast.json', schema: whatIfResult, attachments: /^forecast\.csv$/ })],
});
