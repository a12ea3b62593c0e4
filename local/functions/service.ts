// Cloud Functions in the cloud: each in a process under its own identity, called with that identity's tokens alone.
import { join } from 'node:path';
import type { Service } from '../service.ts';
import { functionResource, Functions } from './functions.ts';
import { creators } from './provision.ts';
import { functionRoutes } from './routes.ts';

export const functions: Service<Functions> = {
  open: ({ tokens, iam, envOf, log, options }) => {
    const { clock, folder, projectId, nodeOptions, startInstance } = options;
    return new Functions({
      clock,
      nodeOptions,
      startInstance,
      envOf,
      verifyIdToken: (header, audience) => tokens.verifyIdToken(header, audience),
      mayInvoke: (email, name) => iam.allows(email, 'run.routes.invoke', functionResource(projectId, name)),
      mayEveryoneInvoke: (name) => iam.allowsEveryone('run.routes.invoke', functionResource(projectId, name)),
      logFolder: join(folder, 'logs'),
      onLog: ({ name, text }) => log(name, text),
    });
  },
  routes: functionRoutes,
  creators,
  start: (opened) => opened.start(),
  stop: (opened) => opened.stop(),
};
