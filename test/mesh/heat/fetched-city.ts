// A part of the generated city whose sources are all fetched, with the stand-ins' data to fetch them from.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeCity } from '../../../local/sample/city.ts';
import { BOX } from '../../../local/sample/city/ground.ts';
import { fill } from '../../jobs/heat/fetching/services.ts';

export const FETCHED_CITY = 'villeneuve';

/** Fills the folder that the stand-ins of a mesh over `data` answer from. */
export async function fillThirdParties(data: string): Promise<void> {
  const city = mkdtempSync(join(tmpdir(), 'heat-city-'));
  try {
    await writeCity(city, { seed: 1 });
    fill(join(data, 'third-parties'), join(city, FETCHED_CITY));
  } finally {
    rmSync(city, { recursive: true, force: true });
  }
}

/** `days` of June 2025, such as `21-22`: each pair asks the services for something else. */
export function fetchedCity(days: string): ReadonlyMap<string, string> {
  const [first, last] = days.split('-');
  const [west, south, east, north] = BOX;
  const [middleX, middleY] = [(west + east) / 2, (south + north) / 2];
  const box = [middleX - 0.05, middleY - 0.04, middleX + 0.05, middleY + 0.04];
  return new Map([
    [
      `${FETCHED_CITY}.yml`,
      `city: ${FETCHED_CITY}
period: { start: 2025-06-${first}, end: 2025-06-${last} }
grid: { crs: EPSG:3857, resolution_m: 500 }
extent: { bbox_wgs84: [${box.map((degrees) => degrees.toFixed(4)).join(', ')}] }
sources:
  era5: { provider: cds }
  sentinel2: { provider: stac }
  osm: { provider: overpass }
indicators: { threshold_celsius: 20 }
`,
    ],
  ]);
}
