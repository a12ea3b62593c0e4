// Analyses of heat: a city and a period of the published input, in; indicators, metrics, maps and a report, out.
import {
  analyzeParameters,
  analyzeResult,
  ATTACHMENTS,
  daysOf,
  HEAT_ANALYZE,
  RESULT_FILE,
  type AnalyzeParameters,
} from '../models/heat/analyze.ts';
import { hours } from '../shared/pipelines/duration.ts';
import { result } from '../shared/pipelines/outputs.ts';
import { definePipeline } from '../shared/pipelines/pipeline.ts';
import { requests, type Parameters } from '../shared/pipelines/requests.ts';
import { heat } from './heat.ts';

/** A request without a period takes that of the configuration, which stands in the input alone: a month of summer. */
const USUAL_DAYS = 31;
const EXTREME = 35;

/** The days: each takes as long to downscale, to measure and to draw as the other. */
const unitsOf = (parameters: Parameters): number => {
  const { period } = parameters as AnalyzeParameters;
  return period === undefined ? USUAL_DAYS : daysOf(period);
};

export const heatAnalyze = definePipeline({
  name: HEAT_ANALYZE,
  trigger: requests({
    parameters: analyzeParameters,
    presets: {
      'whole-period': {
        description:
          "The period and the threshold of the city's configuration; set city where there are several",
        parameters: {},
      },
      'extreme-heat': {
        description: `Hours above ${EXTREME} °C in place of the configured threshold`,
        parameters: { threshold_celsius: EXTREME },
      },
    },
    units: unitsOf,
    concurrency: 2,
    approval: 'none',
    expiresAfter: hours(24),
    waitingPerOwner: 20,
    // A run costs cents; a period that no run has computed before costs up to a quarter of a dollar in an hour.
    spending: { perOwner: 5, inAll: 20 },
    inputOf: 'heat',
  }),
  job: heat.job,
  outputs: [result({ file: RESULT_FILE, schema: analyzeResult, attachments: ATTACHMENTS })],
});
