// All benches, in the order in which they run.
import { bikesTraining } from './bikes/training.ts';
import { coldStart } from './cold-start/cold-start.ts';
import { consolePages } from './console/console.ts';
import { forecastLarge } from './forecast/large.ts';
import { forecastTraining } from './forecast/training.ts';
import { forecastWalk } from './forecast/walk-forward.ts';
import { heatRasters } from './heat/rasters.ts';
import { heatRun } from './heat/whole-run.ts';
import { load } from './load/load.ts';
import { loadMemory } from './load/memory.ts';
import { plan } from './load/plan.ts';
import type { Bench } from './measure.ts';
import { manyFiles } from './mesh/many-files.ts';
import { requestsMesh } from './requests/mesh.ts';
import { requests } from './requests/requests.ts';
import { servingColdStart } from './serving/cold-start.ts';
import { serving } from './serving/serving.ts';
import { sweep } from './mesh/sweep.ts';
import { meshOverhead } from './mesh/overhead.ts';
import { unchangedTick } from './mesh/unchanged-tick.ts';

export const BENCHES: readonly Bench[] = [
  meshOverhead,
  unchangedTick,
  manyFiles,
  sweep,
  coldStart,
  consolePages,
  serving,
  servingColdStart,
  requests,
  requestsMesh,
  load,
  loadMemory,
  plan,
  forecastTraining,
  bikesTraining,
  forecastWalk,
  forecastLarge,
  heatRasters,
  heatRun,
];
