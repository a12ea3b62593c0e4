// Opens what every service of the embedded cloud stands on: the state, the HTTP kernel, identities and their ports.
import { join } from 'node:path';
import { createApi, type Api } from './http/api.ts';
import { invalid } from './http/errors.ts';
import { AccountKeys } from './iam/account-keys.ts';
import { Iam } from './iam/iam.ts';
import { Tokens } from './iam/tokens.ts';
import type { CloudOptions, Context } from './service.ts';
import { privateFolder } from './state/private-folder.ts';
import { openState } from './state/state.ts';

// Each has a port of its own, for as long as the cloud is open.
const MOST_IDENTITIES = 500;

export async function openContext(options: CloudOptions): Promise<Context> {
  const { folder, projectId } = options;
  privateFolder(folder);
  const state = openState(join(folder, 'state.db'));
  const api = createApi();
  const iam = state.transaction(() => new Iam({ state, projectId }));
  const tokens = await Tokens.open(state);
  const accountKeys = new AccountKeys(state);
  const log = (from: string, text: string) => options.onLog?.({ from, text });

  const ports = new Map<string, Promise<number>>();
  const portOf = (identity: string) => {
    if (!ports.has(identity) && ports.size >= MOST_IDENTITIES)
      return Promise.reject(invalid(`There are ${MOST_IDENTITIES} identities with a port already.`));
    const known = ports.get(identity) ?? listen(api, identity, options.portFor?.(identity));
    ports.set(identity, known);
    return known;
  };
  return {
    options,
    state,
    api,
    iam,
    tokens,
    accountKeys,
    portOf,
    envOf: async (identity) => environment(options, await portOf(identity)),
    agentMay(from, agent, permission, resource) {
      if (iam.allows(agent, permission, resource)) return true;
      log(from, `${agent} does not have ${permission} on ${resource}`);
      return false;
    },
    log,
  };
}

/** Another process may have taken the port that is asked for. */
const listen = (api: Api, identity: string, port?: number): Promise<number> =>
  port === undefined
    ? api.listenAs(identity)
    : api.listenAs(identity, port).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EADDRINUSE') throw error;
        return api.listenAs(identity);
      });

const environment = ({ projectId, thirdParties }: CloudOptions, port: number): Record<string, string> => ({
  GOOGLE_CLOUD_PROJECT: projectId,
  GOOGLE_API_ENDPOINT: `http://127.0.0.1:${port}`,
  // Google's own authentication looks here for its tokens.
  GCE_METADATA_HOST: `127.0.0.1:${port}`,
  METADATA_SERVER_DETECTION: 'assume-present',
  ...(thirdParties === undefined
    ? {}
    : { THIRD_PARTIES_ENDPOINT: `http://127.0.0.1:${port}`, CDS_API_KEY: 'any-key-of-the-stand-in' }),
});
