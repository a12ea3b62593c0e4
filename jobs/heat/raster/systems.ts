// The names of the coordinate systems of the pipeline. Apart from proj4, which a reader or writer of files does not need.

const UTM = /^EPSG:32([67])(0[1-9]|[1-5]\d|60)$/;
const OTHERS = new Map([
  ['EPSG:4326', '+proj=longlat +datum=WGS84 +no_defs'],
  [
    'EPSG:3857',
    '+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +k=1 +units=m +nadgrids=@null +no_defs',
  ],
  [
    'EPSG:2154',
    '+proj=lcc +lat_0=46.5 +lon_0=3 +lat_1=49 +lat_2=44 +x_0=700000 +y_0=6600000 +ellps=GRS80 ' +
      '+towgs84=0,0,0,0,0,0,0 +units=m +no_defs',
  ],
]);

export const KNOWN_SYSTEMS =
  'EPSG:4326, EPSG:3857, EPSG:2154 (Lambert-93), or a UTM zone, EPSG:32601 to 32660 and 32701 to 32760';

/** As proj4 reads it; undefined for a system that is not known. */
export function definitionOf(crs: string): string | undefined {
  const [, hemisphere, zone] = UTM.exec(crs) ?? [];
  if (zone === undefined) return OTHERS.get(crs);
  return `+proj=utm +zone=${Number(zone)}${hemisphere === '7' ? ' +south' : ''} +datum=WGS84 +units=m +no_defs`;
}

export const isKnownSystem = (crs: string): boolean => definitionOf(crs) !== undefined;

export const isGeographic = (crs: string): boolean => crs === 'EPSG:4326';
