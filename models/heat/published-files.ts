// The names of the files that the heat job publishes for a city, and how each kind of file begins.
import type { FileStart } from './cog.ts';

/** The output of the pipeline that holds the files: a folder of the export bucket. */
export const MAPS = 'maps';

/** Names the current publication of the files, and each file with its generation: what a table links to. */
export const mapsPointer = (pipeline: string): string => `${pipeline}/${MAPS}/current.json`;

/** A layer of a city that is published as a map. */
export type LayerName = 'temperature' | 'ndvi' | 'ndbi';

export const mapFile = (city: string, layer: LayerName, ending: 'tif' | 'png'): string =>
  `${city}_${layer}.${ending}`;

export const storeFolder = (city: string): string => `${city}.zarr`;
export const exportMetadataFile = (city: string): string => `${city}_export_metadata.json`;
export const metricsFile = (city: string): string => `${city}_metrics.json`;
export const indicatorsFile = (city: string): string => `${city}_indicators.json`;

type Language = 'en' | 'fr';

/** English has the plain name. */
const reportIn = (city: string, language: Language, ending: string): string =>
  `${city}_report${language === 'en' ? '' : `.${language}`}.${ending}`;
export const reportPage = (city: string, language: Language): string => reportIn(city, language, 'html');
export const reportDocument = (city: string, language: Language): string => reportIn(city, language, 'pdf');

/** The types of the files by their endings, as the job writes them and the publication checks them. */
export const TYPES = {
  tif: 'image/tiff',
  png: 'image/png',
  json: 'application/json',
  html: 'text/html; charset=utf-8',
  pdf: 'application/pdf',
  /** Chunks and metadata of a Zarr store. */
  zarr: 'application/octet-stream',
} as const;

const PNG = '89504e470d0a1a0a';
const PDF = '%PDF-1.';
const PAGE = '<!doctype html>';

/** What the file is instead; undefined where it begins as such a file does. */
export const notPng = async ({ readStart }: FileStart): Promise<string | undefined> => {
  const found = (await readStart(8)).toString('hex');
  return found === PNG ? undefined : `the bytes ${found} at the beginning`;
};

const beginsWith =
  (text: string) =>
  async ({ readStart }: FileStart): Promise<string | undefined> => {
    const found = (await readStart(text.length)).toString('latin1');
    return found === text ? undefined : `${JSON.stringify(found)} at the beginning`;
  };

export const notPdf = beginsWith(PDF);
export const notPage = beginsWith(PAGE);
