// Drive in the cloud: over the plain folder that stands for the shared one. No infra program creates anything in it.
import type { Service } from '../service.ts';
import { Drive } from './drive.ts';
import { driveRoutes } from './routes.ts';

export const drive: Service<Drive> = {
  open: ({ state, options: { driveFolder: folder, driveFolderId: folderId, clock, newId } }) =>
    new Drive({ folder, folderId, state, clock, newId }),
  routes: (app, opened, { iam }) => driveRoutes(app, opened, iam.authorize),
};
