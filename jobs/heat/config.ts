// The job's configuration, from its environment.
import type { z } from 'zod';
import { attemptVariables } from '../../shared/attempts/variables.ts';
import { address, matching, readConfig as read, text, type Env } from '../../shared/config.ts';
import { DOCUMENTED_PLACES, placesAt, type Places } from './fetching/places.ts';

const HOSTS = /^[a-z0-9.-]+(:\d+)?([ ,]+[a-z0-9.-]+(:\d+)?)*$/;

const variables = {
  ...attemptVariables,
  /** The services that sources are fetched from, if not at their documented addresses. */
  CDS_URL: address().default(DOCUMENTED_PLACES.cds),
  STAC_URL: address().default(DOCUMENTED_PLACES.stac),
  OVERPASS_URL: address().default(DOCUMENTED_PLACES.overpass),
  /** Hosts on which the services keep files. */
  FILE_HOSTS: matching(HOSTS, 'hosts, separated by commas').default(DOCUMENTED_PLACES.fileHosts.join(',')),
  /** One address that stands for all of them, as that of the local cloud. */
  THIRD_PARTIES_ENDPOINT: address().optional(),
  /** The key of the Climate Data Store, from Secret Manager. */
  CDS_API_KEY: text('the key of an account of the Climate Data Store').optional(),
  /** The path of libxgboost; where the system's loader finds it when absent. */
  XGBOOST_LIBRARY: text('the path of libxgboost').optional(),
};

export type JobConfig = z.infer<z.ZodObject<typeof variables>>;

/** Throws one `ConfigurationError` that names every variable that is wrong. */
export const readConfig = (env: Env): JobConfig => read(env, variables);

export function placesOf(config: JobConfig): Places {
  const { THIRD_PARTIES_ENDPOINT, CDS_URL, STAC_URL, OVERPASS_URL, FILE_HOSTS } = config;
  if (THIRD_PARTIES_ENDPOINT !== undefined) return placesAt(new URL(THIRD_PARTIES_ENDPOINT).origin);
  const tidy = (url: string) => url.replace(/\/+$/, '');
  return {
    cds: tidy(CDS_URL),
    stac: tidy(STAC_URL),
    overpass: tidy(OVERPASS_URL),
    fileHosts: FILE_HOSTS.split(/[ ,]+/),
  };
}
