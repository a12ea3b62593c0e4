// One mesh and one training: what it answers, what must not change it, and the command that asks it.
import { after, before, describe } from 'node:test';
import type { Report } from '../../../cli/idle.ts';
import { xgboostHere } from '../../jobs/xgboost/installed.ts';
import { predictCommand } from './predict-command.ts';
import { predictions } from './predictions.ts';
import { refusals } from './refusals.ts';
import { startBikes, type BikesMesh } from './start-bikes.ts';

describe('the models of bikes', xgboostHere, () => {
  let mesh: BikesMesh;
  let report: Report;
  before(async () => {
    mesh = await startBikes();
  });
  after(() => mesh.close());

  describe('counters in a bucket', () =>
    predictions(
      () => mesh,
      (kept) => (report = kept),
    ));
  describe('a published model', () => refusals(() => mesh));
  describe('sluice predict', () =>
    predictCommand(
      () => mesh,
      () => report,
    ));
});
