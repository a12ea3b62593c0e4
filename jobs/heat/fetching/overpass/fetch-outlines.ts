// Outlines of OpenStreetMap by Overpass: one question for each layer, one after the other, as the service asks of programs.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { City } from '../../city/city.ts';
import { OSM_FEATURES } from '../../city/city.ts';
import { quoted, UnusableFile } from '../../formats/unusable.ts';
import { describedFile, type FetchedFile } from '../fetched-files.ts';
import type { Answer } from '../http/http.ts';
import { bodyOf } from '../http/json.ts';
import { refusalBy, sendRepeatedly, type Sending } from '../http/sender.ts';
import type { FetchPorts } from '../ports.ts';
import { osmAnswer, outlinesOf } from './elements.ts';
import { LAYERS, MAXSIZE_BYTES, queryOf, TIMEOUT_SECONDS, type Layer } from './query.ts';

const SERVICE = 'Overpass';
/** Beyond the time that the query itself allows. */
const TRANSFER_MS = 120_000;
const MOST_ELEMENTS = 500_000;

export interface OutlinesAsked {
  readonly layers: readonly { readonly name: string; readonly query: string }[];
}

const layersOf = ({ sources }: City): readonly Layer[] =>
  (sources.osm?.features ?? OSM_FEATURES).map((feature) => LAYERS[feature]);

/** What is asked for: all that the outlines depend on, but for the day. */
export const outlinesAsked = (city: City): OutlinesAsked => ({
  layers: layersOf(city).map((layer) => ({
    name: layer.name,
    query: queryOf(layer, city.extent.bbox_wgs84),
  })),
});

export async function fetchOutlines(
  { sending }: FetchPorts,
  city: City,
  onDisk: string,
): Promise<readonly FetchedFile[]> {
  const files: FetchedFile[] = [];
  for (const layer of layersOf(city)) {
    const file = `OpenStreetMap ${layer.name}`;
    const answer = await asked(sending, file, queryOf(layer, city.extent.bbox_wgs84));
    const read = bodyOf(answer, osmAnswer, file, SERVICE);
    if (read.elements.length > MOST_ELEMENTS)
      throw new UnusableFile({
        file,
        found: `${read.elements.length} elements`,
        expected: `at most ${MOST_ELEMENTS}: a smaller extent`,
      });
    const { geojson, count, openCount } = outlinesOf(read, layer);
    sending.info(`${file}: ${count} outlines; ${openCount} others have none that closes`);
    const path = join(onDisk, `overpass-${layer.name}`);
    await writeFile(path, geojson);
    files.push(await describedFile(`${layer.name}.geojson`, path));
  }
  return files;
}

async function asked(sending: Sending, file: string, query: string): Promise<Answer> {
  const answer = await sendRepeatedly(
    sending,
    {
      file,
      url: sending.places.overpass,
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: new URLSearchParams({ data: query }).toString(),
      mostBytes: MAXSIZE_BYTES,
      timeoutMs: TIMEOUT_SECONDS * 1000 + TRANSFER_MS,
    },
    remarkOf,
  );
  if (answer.status === 200) return answer;
  throw refusalBy(SERVICE, file, answer, 'an answer to the query');
}

/** The service answers 200 where it ran out of time or memory, and says so at the end of what it has. */
function remarkOf({ status, body }: Answer): string | undefined {
  if (status !== 200) return undefined;
  const end = body.toString('utf8', Math.max(0, body.length - 2_000));
  const [, remark] = /"remark"\s*:\s*"((?:[^"\\]|\\.)*)"\s*\}\s*$/.exec(end) ?? [];
  return remark === undefined ? undefined : `the answer is not whole: ${quoted(remark)}`;
}
