// Bikes: hourly counts of bicycles, in; two models that a prediction service answers with, out.
import { hours, minutes } from '../shared/pipelines/duration.ts';
import { model } from '../shared/pipelines/outputs.ts';
import { definePipeline } from '../shared/pipelines/pipeline.ts';
import { fromEnv } from '../shared/pipelines/setting.ts';
import { bucket, manyOf } from '../shared/pipelines/source.ts';
import { watch } from '../shared/pipelines/trigger.ts';

export const bikes = definePipeline({
  name: 'bikes',
  timeZone: 'Europe/Paris',
  trigger: watch({
    schedule: '30 * * * *',
    freshness: hours(26),
    source: bucket({
      bucket: fromEnv('BUCKET'),
      prefix: '',
      files: { counts: manyOf(/\.(csv|txt)(\.gz)?$/i, 'comptage-velo-donnees-compteurs.csv.gz') },
      settleSeconds: fromEnv('SETTLE_SECONDS', '300'),
    }),
    // The city moves on: counters come and go, and the season turns.
    rerunEvery: hours(7 * 24),
  }),
  job: {
    image: 'train-bikes',
    cpu: 2,
    memory: '4Gi',
    timeout: minutes(60),
    attempts: 2,
    settings: [fromEnv('XGBOOST_LIBRARY', '')],
  },
  outputs: [
    model({ name: 'reg', pattern: /^reg(-[a-z]+)?\.(json|ubj)$/, metric: 'logRmse', better: 'lower' }),
    model({ name: 'class', pattern: /^class(-[a-z]+)?\.(json|ubj)$/, metric: 'f1', better: 'higher' }),
  ],
  services: [
    { name: 'reg', source: 'predict-bikes', follows: 'reg' },
    { name: 'class', source: 'predict-bikes', follows: 'class' },
  ],
});
