// A STAC API with one route, POST /search, and the server of the scenes' images, which are read by ranges.
import type { FastifyInstance } from 'fastify';
import { invalid, notImplemented } from '../http/errors.ts';
import { originOf } from './cds.ts';
import type { Files } from './files.ts';
import { sendFile } from './ranges.ts';

const ROOT = '/third-parties/stac/v1';
const IMAGES = '/third-parties/stac/files';
const KNOWN = new Set(['collections', 'bbox', 'datetime', 'limit', 'token']);
const DEFAULT_LIMIT = 10;

interface Item {
  readonly bbox: readonly [number, number, number, number];
  readonly properties: { readonly datetime: string };
  /** `href` is the name of a file. */
  readonly assets: Readonly<Record<string, { readonly href: string }>>;
}

interface Search {
  readonly collections?: readonly string[];
  readonly bbox?: readonly number[];
  readonly datetime?: string;
  readonly limit?: number;
  /** How many items the pages before have. */
  readonly token?: string;
}

export function stacRoutes(app: FastifyInstance, files: Files): void {
  app.post(`${ROOT}/search`, (request, reply) => {
    const search = (request.body ?? {}) as Search;
    const unknown = Object.keys(search).filter((name) => !KNOWN.has(name));
    if (unknown.length > 0) throw notImplemented(`the search by ${unknown.join(', ')}`);
    const { limit = DEFAULT_LIMIT, token = '0' } = search;
    const items = itemsOf(files, search);
    const from = Number(token);
    const origin = originOf(request);
    const next = {
      rel: 'next',
      type: 'application/geo+json',
      method: 'POST',
      href: `${origin}${ROOT}/search`,
      merge: true,
      body: { token: String(from + limit) },
    };
    void reply.type('application/geo+json');
    return {
      type: 'FeatureCollection',
      features: items.slice(from, from + limit).map((item) => ({ ...item, assets: assetsAt(origin, item) })),
      links: from + limit < items.length ? [next] : [],
      numberMatched: items.length,
    };
  });

  app.get(`${IMAGES}/:name`, (request, reply) => {
    const path = files.pathOf('stac', (request.params as { name: string }).name);
    return path === undefined ? reply.code(404).send('') : sendFile(request, reply, path);
  });
}

const assetsAt = (origin: string, { assets }: Item): object =>
  Object.fromEntries(
    Object.entries(assets).map(([name, asset]) => [
      name,
      { ...asset, href: `${origin}${IMAGES}/${asset.href}` },
    ]),
  );

function itemsOf(files: Files, { collections = [], bbox, datetime }: Search): readonly Item[] {
  if (bbox !== undefined && bbox.length !== 4) throw invalid('bbox: expected 4 numbers');
  const [from = '', to = ''] = datetime?.split('/') ?? [];
  if (datetime !== undefined && (from === '' || to === '')) throw notImplemented(`the time "${datetime}"`);
  return collections
    .flatMap((name) => (files.json('stac', `${name}.json`) ?? []) as readonly Item[])
    .filter(({ bbox: own, properties }) => {
      const time = Date.parse(properties.datetime);
      const inTime = datetime === undefined || (time >= Date.parse(from) && time <= Date.parse(to));
      return inTime && (bbox === undefined || overlaps(own, bbox as Item['bbox']));
    });
}

const overlaps = (one: Item['bbox'], other: Item['bbox']): boolean =>
  one[0] <= other[2] && other[0] <= one[2] && one[1] <= other[3] && other[1] <= one[3];
