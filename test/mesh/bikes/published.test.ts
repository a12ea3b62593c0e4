// One mesh and one training: what it answers, what must not change it, and the command that asks it.
import { after, before } from 'node:test';
import { xgboostHere } from '../../jobs/xgboost/installed.ts';
import { mesh, openMesh } from './one-mesh.ts';

if (xgboostHere.skip === false) {
  before(openMesh);
  after(() => mesh.close());
}

// In this order: each begins with what the one before it has left.
await import('./predictions.ts');
await import('./refusals.ts');
await import('./predict-command.ts');
