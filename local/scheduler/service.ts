// Cloud Scheduler in the cloud: its calls of the cloud's own functions count as internal.
import { fromInsideTo } from '../functions/inside.ts';
import { sendOverHttp } from '../pubsub/post.ts';
import type { Service } from '../service.ts';
import { creators } from './provision.ts';
import { schedulerRoutes } from './routes.ts';
import { Scheduler } from './scheduler.ts';

export const scheduler: Service<Scheduler> = {
  open: ({ state, api, tokens, options: { clock } }) =>
    new Scheduler({
      state,
      clock,
      send: fromInsideTo((url) => api.serves(url))(sendOverHttp),
      mintIdToken: (email, audience) => tokens.mintIdToken(email, audience),
    }),
  routes: (app, opened, { iam }) => schedulerRoutes(app, opened, iam.authorize),
  creators,
  start: (opened) => opened.start(),
  stop: (opened) => opened.stop(),
};
