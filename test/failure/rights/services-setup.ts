// The fixture on which the rights of prediction services are tried: bikes with one publication, and pointers that move.
import assert from 'node:assert/strict';
import { bigqueryWarehouse } from '../../../shared/google/bigquery.ts';
import { toJson } from '../../../shared/objects/json.ts';
import { pointerObject } from '../../../shared/publications/names.ts';
import { readEntries } from '../../../shared/warehouse/ledger-entries.ts';
import { exportOf, FILE } from '../../mesh/bikes/counters.ts';
import { startBikes, type BikesMesh, type Service } from '../../mesh/bikes/start-bikes.ts';
import { until } from '../../waiting.ts';
import type { Tried } from './trying.ts';

export interface ServicesSetup extends Tried {
  readonly mesh: BikesMesh & Tried['mesh'] & { readonly until: typeof until };
  /** Makes the pointer name a copy of one of the model's files, as a publication of the same bytes would. */
  movePointer(service: Service): Promise<void>;
}

export async function openServices(): Promise<ServicesSetup> {
  const bikes = await startBikes();
  const { logLines, cloud, exports, pipeline } = bikes;
  await bikes.put(FILE, exportOf());
  const { outcome, reason } = await bikes.tick();
  assert.equal(outcome, 'published', reason);
  const warehouse = bigqueryWarehouse({
    GOOGLE_CLOUD_PROJECT: cloud.projectId,
    GOOGLE_API_ENDPOINT: cloud.endpoint,
    WAREHOUSE_LOCATION: 'EU',
  });
  const logged = (line: RegExp, since = 0) =>
    until(String(line), () => logLines.slice(since).find((text) => line.test(text)));
  let moves = 0;
  return {
    mesh: { ...bikes, logged, until },
    // No work leaves anything that another one would trip over.
    reset: () => Promise.resolve(),
    whatIsPublished: () => readEntries(warehouse, pipeline),
    async movePointer(service) {
      const pointer = await bikes.pointer(service);
      const publication = `bikes-move-${++moves}`;
      const [first, ...others] = pointer.files;
      assert.ok(first);
      const object = `bikes/${service}/${publication}/attempt-1/${first.name}`;
      const source = { bucket: exports.bucket, name: first.object, generation: first.generation };
      await exports.copyFrom(object, source, { bearsTime: false });
      const { generation = '' } = (await exports.info(object)) ?? {};
      const files = [{ ...first, object, generation }, ...others];
      const ordinal = pointer.ordinal + 1;
      const next = toJson({ ...pointer, publication, files, ordinal, token: publication });
      const name = pointerObject(pipeline.name, service);
      const stands = await exports.info(name);
      await exports.replace(name, stands?.generation ?? '', next, 'application/json');
    },
  };
}
