// What a cold start of the prediction service costs, its model included: from its spawn to its first prediction, in processor time.
import { join } from 'node:path';
import { LOCAL_PROJECT } from '../../cli/local-mesh.ts';
import { exportsBucketOf } from '../../shared/deployment.ts';
import { buildFunction } from '../../test/mesh/built.ts';
import { COUNTERS, publishSample } from '../../test/unit/bikes/sample-model.ts';
import { XgboostMissing } from '../../shared/xgboost/errors.ts';
import { hello, HELLO_CASE, startOf } from '../cold-start/cold-start.ts';
import { cpuToFirstAnswer, type Request, type Start } from '../cold-start/start.ts';
import { hasProcFolder } from '../load/peak.ts';
import { startMesh, type Mesh } from '../mesh/start-mesh.ts';
import { medianOf, type Bench, type Measure } from '../measure.ts';
import { realSizeModel, sizeOf } from './real-size.ts';

const FUNCTION = 'predict-bikes';
const ACCOUNT = `sluice-bikes-reg@${LOCAL_PROJECT}.iam.gserviceaccount.com`;
const REPEATS = 15;
const MOST_TIMES_THE_FLOOR = 2;

export const servingColdStart: Bench = {
  name: 'serving-cold-start',
  about: 'the processor time of the prediction service, from its spawn to its first prediction',
  async run({ folder, progress }) {
    if (!hasProcFolder()) return { skipped: 'processor time is read from /proc, which is not here' };
    const mesh = await startMesh(join(folder, 'mesh'), { moving: false });
    try {
      progress('training and publishing a model');
      const sizeBytes = await publish(mesh);
      progress('bundling, and building as the buildpack does');
      const built = join(folder, FUNCTION);
      await buildFunction(FUNCTION, built);
      const service = await startIn(mesh, built);
      const bare = hello(join(folder, 'hello'));
      const [own, floor]: [number[], number[]] = [[], []];
      for (let repeat = 1; repeat <= REPEATS; repeat += 1) {
        progress(`cold starts, round ${repeat} of ${REPEATS}`);
        floor.push((await cpuToFirstAnswer(bare, HELLO_CASE.request())).ms);
        own.push((await cpuToFirstAnswer(service, PREDICTION)).ms);
      }
      return [measureOf(own, floor, sizeBytes)];
    } catch (error) {
      if (error instanceof XgboostMissing) return { skipped: 'XGBoost, which trains the model, is not here' };
      throw error;
    } finally {
      await mesh.close();
    }
  },
};

const PREDICTION: Request = {
  path: '/predict',
  headers: {},
  body: {
    records: [{ nom_du_compteur: COUNTERS[0]!.name, date_et_heure_de_comptage: '2021-05-04T18:00:00+02:00' }],
  },
  isRight: (status, body) => status === 200 && /"predictions":\[\d/.test(body),
};

/** Returns the bytes of the model. */
async function publish({ cloud, exports }: Mesh): Promise<number> {
  cloud.storage.ensureBucket({ name: exports.bucket, projectId: LOCAL_PROJECT, location: 'EU' });
  const files = realSizeModel(1);
  await publishSample(exports, files, { task: 'reg', ordinal: 1 });
  cloud.iam.ensureServiceAccount(ACCOUNT);
  cloud.iam.grant({
    role: 'roles/storage.objectViewer',
    member: `serviceAccount:${ACCOUNT}`,
    resource: `projects/_/buckets/${exports.bucket}`,
  });
  return sizeOf(files);
}

async function startIn({ cloud }: Mesh, built: string): Promise<Start> {
  return startOf(built, built, FUNCTION, {
    ...(await cloud.envOf(ACCOUNT)),
    ...{ GOOGLE_CLOUD_PROJECT: LOCAL_PROJECT, EXPORTS_BUCKET: exportsBucketOf(LOCAL_PROJECT) },
    ...{ PIPELINES: 'bikes', PIPELINE: 'bikes', SERVICE: 'reg', MODEL: 'reg' },
  });
}

const measureOf = (own: readonly number[], floor: readonly number[], sizeBytes: number): Measure => ({
  name: `${FUNCTION}: its first prediction`,
  value: medianOf(own),
  unit: 'ms',
  floor: { name: HELLO_CASE.says, value: medianOf(floor) },
  goal: { most: MOST_TIMES_THE_FLOOR, of: 'ratio' },
  note: `median of ${REPEATS} starts, user and system; a model of ${(sizeBytes / 1e6).toFixed(1)} MB, of which the best kind is loaded first`,
});
