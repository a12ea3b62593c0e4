// Drive in the cloud: over the plain folders that stand for the shared ones. No infra program creates anything in it.
import type { Service } from '../service.ts';
import { Drive } from './drive.ts';
import { driveRoutes } from './routes.ts';

export const drive: Service<Drive> = {
  open: ({ state, options: { driveFolders: folders, clock, newId } }) =>
    new Drive({ folders, state, clock, newId }),
  routes: (app, opened, { iam }) => driveRoutes(app, opened, iam.authorize),
};
