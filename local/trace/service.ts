// The Telemetry API in the cloud: spans come in under `telemetry.traces.write`, and stay in the state.
import type { Service } from '../service.ts';
import { traceRoutes } from './routes.ts';
import { Traces } from './traces.ts';

export const traces: Service<Traces> = {
  open: ({ state }) => new Traces(state),
  routes: (app, opened, { options, iam }) => traceRoutes(app, opened, options.projectId, iam.authorize),
};
