// The addresses of the Google services: Google's own, or one address for all of them.

export interface GoogleConfig {
  readonly GOOGLE_CLOUD_PROJECT: string;
  readonly GOOGLE_API_ENDPOINT?: string | undefined;
}

/** Constructor options of each client. Only addresses differ; authentication is the same. */
export interface Endpoints {
  readonly storage: { apiEndpoint?: string };
  readonly bigquery: { apiEndpoint?: string };
  readonly pubsub: { apiEndpoint?: string; protocol?: string };
  /** Of Pub/Sub's generated clients, with a method for each call. */
  readonly pubsubCalls: { apiEndpoint?: string; port?: number; protocol?: string };
  readonly run: { apiEndpoint?: string; port?: number; protocol?: string };
  readonly drive: { rootUrl?: string };
  /** The address that traces are sent to; there is no client. */
  readonly traces: string;
  /** Where the issuers of identity tokens publish their keys. */
  readonly tokenKeys: { readonly google: string; readonly identityPlatform: string; readonly iap: string };
  /** Of the API that signs as a service account. */
  readonly iamCredentials: string;
  /** Where log entries and traces are read; calls to Google carry a token. */
  readonly logging: Origin;
  readonly recordedTraces: Origin;
}

interface Origin {
  readonly origin: string;
  readonly isGoogle: boolean;
}

const google = (host: string): Origin => ({ origin: `https://${host}.googleapis.com`, isGoogle: true });

const TRACES_PATH = '/v1/traces';
const GOOGLE_KEYS_PATH = '/oauth2/v3/certs';
const PLATFORM_KEYS_PATH = '/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com';

const IAP_KEYS_PATH = '/iap/verify/public_key-jwk';

const tokenKeysAt = (origin: string, iapOrigin = origin): Endpoints['tokenKeys'] => ({
  google: `${origin}${GOOGLE_KEYS_PATH}`,
  identityPlatform: `${origin}${PLATFORM_KEYS_PATH}`,
  iap: `${iapOrigin}${IAP_KEYS_PATH}`,
});

export function endpointsOf(config: GoogleConfig): Endpoints {
  if (config.GOOGLE_API_ENDPOINT === undefined) {
    const traces = `https://telemetry.googleapis.com${TRACES_PATH}`;
    const tokenKeys = tokenKeysAt('https://www.googleapis.com', 'https://www.gstatic.com');
    const own = { storage: {}, bigquery: {}, pubsub: {}, pubsubCalls: {}, run: {}, drive: {} };
    const read = { logging: google('logging'), recordedTraces: google('cloudtrace') };
    return { ...own, ...read, traces, tokenKeys, iamCredentials: 'https://iamcredentials.googleapis.com' };
  }
  const url = new URL(config.GOOGLE_API_ENDPOINT);
  const protocol = url.protocol.slice(0, -1);
  return {
    storage: { apiEndpoint: url.origin },
    bigquery: { apiEndpoint: url.origin },
    pubsub: { apiEndpoint: url.host, protocol },
    pubsubCalls: { apiEndpoint: url.hostname, port: Number(url.port), protocol },
    run: { apiEndpoint: url.hostname, port: Number(url.port), protocol },
    drive: { rootUrl: `${url.origin}/` },
    traces: `${url.origin}${TRACES_PATH}`,
    tokenKeys: tokenKeysAt(url.origin),
    iamCredentials: url.origin,
    logging: { origin: url.origin, isGoogle: false },
    recordedTraces: { origin: url.origin, isGoogle: false },
  };
}
