// The metadata server in the cloud: one on the port of each identity.
import type { Tokens } from '../iam/tokens.ts';
import type { Service } from '../service.ts';
import { metadataRoutes } from './routes.ts';

export const metadata: Service<Tokens> = {
  open: (context) => context.tokens,
  routes: (app, tokens, { options }) => metadataRoutes(app, { projectId: options.projectId, tokens }),
};
