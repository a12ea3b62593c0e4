// The pipeline of these tests: its runs are requested, and no job is executed here.
import { samplePipeline } from '../../unit/api/sample-pipeline.ts';

export const sample = samplePipeline('sample', { waitingPerOwner: 100 });

export const pipelines = new Map([[sample.name, sample]]);
