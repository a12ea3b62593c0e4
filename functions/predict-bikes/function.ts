// What predict-bikes needs; each service of the pipeline bikes is a deployment of it.
import { defineService } from '../../shared/functions/services.ts';

export default defineService({
  name: 'predict-bikes',
  purpose: 'Predicts bicycle counts with the current model',
  // A prediction takes well under a millisecond, so one instance answers many; a body waits in memory until it is whole,
  // and may have 32 MB on its way in.
  size: { memory: '1Gi', cpu: 1, concurrency: 16, minInstances: 0, maxInstances: 5 },
});
