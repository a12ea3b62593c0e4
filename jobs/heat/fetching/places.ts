// Which addresses the job may call: those of the three services, and the hosts that they keep their files on.
import { UnusableFile } from '../formats/unusable.ts';

export interface Places {
  /** Of the API, without its version: `https://cds.climate.copernicus.eu/api`. */
  readonly cds: string;
  /** The root of the STAC API. */
  readonly stac: string;
  /** The interpreter. */
  readonly overpass: string;
  /** Hosts of files that answers of the services may point to, by https only. */
  readonly fileHosts: readonly string[];
}

/** As documented; read on 2026-11-27. */
export const DOCUMENTED_PLACES: Places = {
  cds: 'https://cds.climate.copernicus.eu/api',
  stac: 'https://earth-search.aws.element84.com/v1',
  overpass: 'https://overpass-api.de/api/interpreter',
  fileHosts: ['object-store.os-api.cci2.ecmwf.int', 'sentinel-cogs.s3.us-west-2.amazonaws.com'],
};

/** Where one address stands for all three, as in the local cloud. */
export const placesAt = (origin: string): Places => ({
  cds: `${origin}/third-parties/cds/api`,
  stac: `${origin}/third-parties/stac/v1`,
  overpass: `${origin}/third-parties/overpass/api/interpreter`,
  fileHosts: [],
});

/**
 * An address that an answer named, made whole by the one that was called. Answers come from outside, and the job runs
 * inside the project: it calls no host that the deployment does not name. Throws `UnusableFile`.
 */
export function allowedUrl(text: string, base: URL, places: Places, file: string): URL {
  const url = URL.canParse(text, base.href) ? new URL(text, base.href) : undefined;
  if (url !== undefined && isAllowed(url, places)) return url;
  const found = `the address ${url === undefined ? 'without a form' : `${url.protocol}//${url.host}`}`;
  const expected = `https, and one of the hosts ${hostsOf(places).join(', ')}`;
  throw new UnusableFile({ file, place: base.host, found, expected });
}

function isAllowed(url: URL, places: Places): boolean {
  if (url.username !== '' || url.password !== '') return false;
  if (originsOf(places).includes(url.origin)) return true;
  return url.protocol === 'https:' && places.fileHosts.includes(url.host);
}

const originsOf = ({ cds, stac, overpass }: Places): readonly string[] =>
  [cds, stac, overpass].map((address) => new URL(address).origin);

const hostsOf = (places: Places): readonly string[] => [
  ...new Set([...originsOf(places).map((origin) => new URL(origin).host), ...places.fileHosts]),
];
