// The thread that fits models, one after the other, each as a message requests it.
import { parentPort, workerData } from 'node:worker_threads';
import type { Observations } from '../../../models/bikes/observations.ts';
import { openXgboost } from '../../../shared/xgboost/library.ts';
import { fit, type FitTask, type Fitted } from './fit.ts';

export interface WorkerSetup {
  /** Its columns lie in shared memory, so that no thread has a copy. */
  readonly observations: Observations;
  readonly library: string | undefined;
}

export interface FitRequest {
  readonly index: number;
  readonly task: FitTask;
}

export interface FitDone {
  readonly index: number;
  readonly fitted: Fitted;
}

const { observations, library } = workerData as WorkerSetup;
const xgboost = openXgboost(library);

parentPort?.on('message', ({ index, task }: FitRequest) => {
  const done: FitDone = { index, fitted: fit(xgboost, observations, task) };
  parentPort?.postMessage(done);
});
