// Searches a STAC API for the scenes of a period over an extent, page after page, by the links that it answers.
import { z } from 'zod';
import { UnusableFile } from '../../formats/unusable.ts';
import { bodyOf } from '../http/json.ts';
import { refusalBy, sendRepeatedly, type Sending } from '../http/sender.ts';
import { allowedUrl } from '../places.ts';

export interface SceneSearch {
  readonly collection: string;
  /** West, south, east, north. */
  readonly bbox: readonly number[];
  /** Two times, with a slash between them. */
  readonly datetime: string;
}

const asset = z.object({
  href: z.string().min(1).max(4_096),
  'raster:bands': z
    .array(z.object({ scale: z.number().optional(), offset: z.number().optional() }))
    .optional(),
});

const scene = z.object({
  /** Becomes a part of the names of files. */
  id: z.string().regex(/^[A-Za-z0-9_.-]{1,80}$/),
  bbox: z.array(z.number()).min(4).max(6),
  properties: z.object({
    datetime: z.string().nullish(),
    'eo:cloud_cover': z.number().nullish(),
    'earthsearch:boa_offset_applied': z.boolean().nullish(),
    's2:processing_baseline': z.string().nullish(),
  }),
  assets: z.record(z.string(), asset),
});
export type Scene = z.infer<typeof scene>;

const link = z.object({
  rel: z.string(),
  href: z.string(),
  method: z.string().optional(),
  body: z.record(z.string(), z.unknown()).optional(),
  merge: z.boolean().optional(),
});
const page = z.object({ features: z.array(scene).max(1_000), links: z.array(link).max(100).optional() });

const PAGE_SIZE = 100;
const MOST_PAGES = 10;
const MOST_PAGE_BYTES = 16 * 2 ** 20;
const TIMEOUT_MS = 60_000;
const SERVICE = 'the STAC API';

/** In the order of the answers. Throws `UnusableFile` where the search is refused, or has too many pages. */
export async function searchScenes(
  sending: Sending,
  file: string,
  { collection, bbox, datetime }: SceneSearch,
): Promise<readonly Scene[]> {
  const body = { collections: [collection], bbox, datetime, limit: PAGE_SIZE };
  let request: PageRequest = { url: new URL(`${sending.places.stac}/search`), body };
  const found: Scene[] = [];
  for (let pages = 1; ; pages++) {
    const { features, links = [] } = await readPage(sending, file, request);
    found.push(...features);
    const next = links.find(({ rel }) => rel === 'next');
    if (next === undefined || features.length === 0) return found;
    if (pages === MOST_PAGES)
      throw new UnusableFile({
        file,
        found: `more than ${found.length} scenes`,
        expected: `at most ${MOST_PAGES} pages of scenes: a shorter period or a smaller extent`,
      });
    request = nextRequest(request, next, sending, file);
  }
}

interface PageRequest {
  readonly url: URL;
  /** Absent for a GET. */
  readonly body: Readonly<Record<string, unknown>> | undefined;
}

async function readPage(sending: Sending, file: string, { url, body }: PageRequest) {
  const answer = await sendRepeatedly(sending, {
    file,
    url,
    mostBytes: MOST_PAGE_BYTES,
    timeoutMs: TIMEOUT_MS,
    ...(body === undefined
      ? { method: 'GET', headers: { accept: 'application/geo+json' } }
      : {
          method: 'POST',
          headers: { accept: 'application/geo+json', 'content-type': 'application/json' },
          body: JSON.stringify(body),
        }),
  });
  if (answer.status !== 200) throw refusalBy(SERVICE, file, answer, 'an answer to the search');
  return bodyOf(answer, page, file, SERVICE);
}

/** A link says how the next page is asked for: its body alone, or merged into that of the request before. */
function nextRequest(
  { url, body = {} }: PageRequest,
  { href, method = 'GET', body: own = {}, merge = false }: z.infer<typeof link>,
  sending: Sending,
  file: string,
): PageRequest {
  const next = allowedUrl(href, url, sending.places, file);
  if (method.toUpperCase() !== 'POST') return { url: next, body: undefined };
  return { url: next, body: merge ? { ...body, ...own } : own };
}
