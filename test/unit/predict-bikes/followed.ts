// The versions that the tests of the follower publish, and what they ask of them.
import { readPointer, type Pointer } from '../../../shared/publications/pointer.ts';
import { COUNTERS, sampleModel, type SampleFiles } from '../bikes/sample-model.ts';
import { shownOf, type Client, type ServicePlace } from './service-place.ts';

export const TASK = { task: 'reg' } as const;
export const ASKED = {
  records: COUNTERS.map(({ name }) => ({
    nom_du_compteur: name,
    date_et_heure_de_comptage: '2021-05-04T18:00:00+02:00',
  })),
};
export const SECONDS = 1000;
export const FIRST = 'bikes-000001-0123abcd';
export const SECOND = 'bikes-000002-0123abcd';

export const small = (seed: number): SampleFiles => sampleModel({ ...TASK, seed, rounds: 4, depth: 3 });

export const versionOf = async (client: Client): Promise<string | undefined> =>
  shownOf(await client.predict(ASKED)).body.model?.version;

export async function pointerAt({ exports }: ServicePlace, ordinal: number): Promise<Pointer> {
  const { value } = (await readPointer(exports, 'bikes', 'reg'))!;
  const publication = `bikes-${String(ordinal).padStart(6, '0')}-0123abcd`;
  const files = await Promise.all(
    value.files.map(async (file) => {
      const object = file.object.replace(value.publication, publication);
      const { generation = '', crc32c = '', sizeBytes = 0 } = (await exports.info(object)) ?? {};
      return { ...file, object, generation, crc32c, sizeBytes };
    }),
  );
  return { ...value, publication, files };
}
