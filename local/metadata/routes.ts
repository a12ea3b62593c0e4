// The metadata server: where the real Google clients look for their project, their identity and their tokens.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError, invalid, notFound, notImplemented } from '../http/errors.ts';
import { PROJECT_NUMBER } from '../iam/agents.ts';
import { TOKEN_LIFETIME_SECONDS, type Tokens } from '../iam/tokens.ts';

export interface MetadataOptions {
  readonly projectId: string;
  readonly tokens: Tokens;
  readonly region?: string;
}

const SCOPES = ['https://www.googleapis.com/auth/cloud-platform'];
const FLAVOR = 'Google';

/**
 * Adds `/computeMetadata/v1/...` to the API. It answers for `request.caller`: every identity has a port of
 * its own, and so a metadata server of its own.
 */
export function metadataRoutes(app: FastifyInstance, options: MetadataOptions): void {
  const { projectId, tokens, region = 'europe-west1' } = options;
  const texts: Record<string, string> = {
    'project/project-id': projectId,
    'project/numeric-project-id': PROJECT_NUMBER,
    'universe/universe-domain': 'googleapis.com',
    'instance/region': `projects/${PROJECT_NUMBER}/regions/${region}`,
    'instance/zone': `projects/${PROJECT_NUMBER}/zones/${region}-1`,
    // The clients only ask whether the directory answers.
    instance: 'region\nservice-accounts/\nzone\n',
  };

  const get = (path: string, answer: (request: FastifyRequest, reply: FastifyReply) => unknown): void => {
    app.get(path, async (request, reply) => {
      void reply.header('metadata-flavor', FLAVOR).header('server', 'Metadata Server for VM');
      if (request.headers['metadata-flavor'] !== FLAVOR) {
        throw new ApiError(403, 'forbidden', 'Missing required header: Metadata-Flavor: Google');
      }
      return reply.send(await answer(request, reply));
    });
  };
  const text = (path: string, answer: (request: FastifyRequest) => string | Promise<string>): void =>
    get(path, async (request, reply) => {
      void reply.type('application/text');
      return answer(request);
    });

  app.get('/', async (request, reply) => {
    // Only a client that looks for a metadata server asks with the flavor.
    if (request.headers['metadata-flavor'] !== FLAVOR) throw notImplemented('GET /');
    return reply.header('metadata-flavor', FLAVOR).type('application/text').send('computeMetadata/\n');
  });
  for (const [path, value] of Object.entries(texts)) text(`/computeMetadata/v1/${path}`, () => value);

  get('/computeMetadata/v1/instance/service-accounts', (request) => {
    const { recursive } = request.query as { recursive?: string };
    const entry = { aliases: ['default'], email: request.caller, scopes: SCOPES };
    if (recursive === 'true') return { default: entry, [request.caller]: entry };
    return `default/\n${request.caller}/\n`;
  });
  const account = '/computeMetadata/v1/instance/service-accounts/:account';
  get(account, (request) => {
    const { recursive } = request.query as { recursive?: string };
    const email = emailOf(request);
    if (recursive === 'true') return { aliases: ['default'], email, scopes: SCOPES };
    return 'aliases\nemail\nidentity\nscopes\ntoken\n';
  });
  text(`${account}/email`, emailOf);
  text(`${account}/aliases`, (request) => (emailOf(request), 'default\n'));
  text(`${account}/scopes`, (request) => (emailOf(request), `${SCOPES.join('\n')}\n`));
  get(`${account}/token`, (request) => ({
    access_token: tokens.mintAccessToken(emailOf(request)),
    expires_in: TOKEN_LIFETIME_SECONDS,
    token_type: 'Bearer',
  }));
  text(`${account}/identity`, (request) => {
    const { audience } = request.query as { audience?: string };
    if (!audience) throw invalid('non-empty audience parameter required');
    return tokens.mintIdToken(emailOf(request), audience);
  });
}

/** The caller's email; 404 for any other account, which this caller's machine does not have. */
function emailOf(request: FastifyRequest): string {
  const { account } = request.params as { account: string };
  if (account !== 'default' && account !== request.caller) {
    throw notFound(`The service account ${account} was not found.`);
  }
  return request.caller;
}
