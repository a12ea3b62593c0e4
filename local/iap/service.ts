// Identity-Aware Proxy in the cloud: people reach the one service behind it, signed in as the owner chooses.
import { iapResource } from '../iam/provision.ts';
import type { Context, Service, Services } from '../service.ts';
import { Assertions } from './assertions.ts';
import { Iap } from './iap.ts';
import { iapRoutes } from './routes.ts';

export const iap: Service<Iap> = {
  open: ({ state, tokens, iam, options: { clock, projectId } }: Context, others: Services) =>
    new Iap({
      functions: () => others.functions,
      assertions: new Assertions(state, clock),
      mayPass: (email, { name, location }) =>
        iam.allows(email, 'iap.webServiceVersions.accessViaIAP', iapResource(projectId, location, name)),
      mintIdToken: (email, audience) => tokens.mintIdToken(email, audience),
    }),
  routes: iapRoutes,
  close: (opened) => opened.close(),
};
