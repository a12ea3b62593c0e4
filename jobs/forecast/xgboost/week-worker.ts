// The thread that learns weeks, one after the other, each as a message requests it.
import { parentPort, workerData } from 'node:worker_threads';
import { openXgboost } from '../../../shared/xgboost/library.ts';
import { forecastFrom } from './model.ts';
import type { Known } from './past.ts';
import type { Settings } from './settings.ts';
import { encodeWeek } from './week-result.ts';

/** Shared by all weeks of a walk. */
export interface WorkerSetup {
  readonly library: string | undefined;
  readonly settings: Settings;
  /** How many days each week's model forecasts. */
  readonly days: number;
}

export interface WeekTask {
  readonly index: number;
  /** Its visits lie in shared memory, so that no thread has a copy. */
  readonly known: Known;
}

export interface WeekDone {
  readonly index: number;
  readonly bytes: Uint8Array;
}

const setup = workerData as WorkerSetup;
const xgboost = openXgboost(setup.library);

parentPort?.on('message', (task: WeekTask) => {
  const { visits, ...learnt } = forecastFrom(xgboost, task.known, setup.days, setup.settings);
  const predictions = Int32Array.from(visits, (value) => Math.round(value));
  const done: WeekDone = { index: task.index, bytes: encodeWeek({ ...learnt, predictions }) };
  parentPort?.postMessage(done);
});
