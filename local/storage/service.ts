// Cloud Storage in the cloud: a finished object and the messages about it commit together.
import { join } from 'node:path';
import { numberOf, STORAGE_AGENT } from '../iam/agents.ts';
import { keysOf } from '../iam/keys.ts';
import { publishAs } from '../pubsub/service.ts';
import type { Service } from '../service.ts';
import { creators } from './provision.ts';
import { storageRoutes } from './routes.ts';
import { signedRoutes, type Verifies } from './signed-routes.ts';
import { Storage } from './storage.ts';

export const storage: Service<Storage> = {
  open(context, others) {
    const { state, agentMay, options } = context;
    const publish = publishAs('storage', STORAGE_AGENT, context, others);
    const opened: Storage = new Storage({
      state,
      folder: join(options.folder, 'storage'),
      clock: options.clock,
      newId: options.newId,
      onFinalized(object, overwrote) {
        for (const { topic, ...message } of opened.notifications.messagesFor(object, overwrote))
          publish(topic, [message]);
      },
      useKey: keysOf('storage', agentMay),
      projectNumberOf: (projectId) => numberOf(projectId, options.projectId),
    });
    opened.objects.applyLifecycle();
    return opened;
  },
  routes: (app, opened, { iam: { authorize }, accountKeys, options: { clock } }) => {
    storageRoutes(app, opened, authorize);
    const verifies: Verifies = (...signed) => accountKeys.verifies(...signed);
    signedRoutes(app, opened, { authorize, verifies, now: () => clock.now() });
  },
  creators,
};
