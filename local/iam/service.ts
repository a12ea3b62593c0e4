// IAM in the cloud: who may do what, and the owner's way in as another identity.
import type { Service } from '../service.ts';
import { credentialsRoutes } from './credentials-routes.ts';
import type { Iam } from './iam.ts';
import { creators } from './provision.ts';
import { identityRoutes } from './routes.ts';

export const iam: Service<Iam> = {
  open: (context) => context.iam,
  routes: (app, opened, { portOf, tokens, accountKeys: keys, options: { projectId } }) => {
    identityRoutes(app, portOf);
    credentialsRoutes(app, { projectId, authorize: opened.authorize, keys, tokens });
  },
  creators,
};
