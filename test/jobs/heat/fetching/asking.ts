// What the tests of fetching share: running services, and requests for the generated city.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before } from 'node:test';
import { readCities } from '../../../../jobs/heat/city/read-cities.ts';
import type { FetchRequest } from '../../../../jobs/heat/fetching/fetch-sources.ts';
import { fileOf } from '../formats/files.ts';
import { NOW, startServices, type TestServices } from './services.ts';

const FROZEN_AT = new Date(NOW).toISOString();

/** Services for the tests of a file, each of which uses all the faults that it plans. */
export function servicesOfTests() {
  const state: { services?: TestServices; folder?: string } = {};
  before(async () => {
    state.services = await startServices();
    state.folder = mkdtempSync(join(tmpdir(), 'heat-fetched-'));
  });
  after(async () => {
    await state.services!.close();
    rmSync(state.folder!, { recursive: true, force: true });
  });
  afterEach(() => {
    const { faults } = state.services!.api;
    const unused = faults.unused();
    faults.clear();
    assert.deepEqual(unused, []);
  });
  return {
    get services(): TestServices {
      return state.services!;
    },
    /** As the job asks, for the city of that configuration. */
    requestOf(text = state.services!.configuration, frozenAt = FROZEN_AT): FetchRequest {
      const { cities, problems } = readCities([fileOf('villeneuve.yml', text)], frozenAt);
      assert.deepEqual(problems, []);
      const folder = mkdtempSync(join(state.folder!, 'try-'));
      return { file: 'villeneuve.yml', city: cities[0]!.city, frozenAt, folder };
    },
    /** The configuration with only one of its services. */
    only: (source: 'era5' | 'sentinel2' | 'osm'): string =>
      state.services!.configuration.replaceAll(
        /^ {2}(era5|sentinel2|osm): \{.*\}$/gm,
        (line: string, name: string) =>
          name === source ? line : name === 'era5' ? '  era5: { path: x/ }' : '',
      ),
    requestsSince: (from: number, pattern: RegExp): number =>
      state.services!.requests.slice(from).filter((line) => pattern.test(line)).length,
  };
}
