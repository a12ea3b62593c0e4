// Stand-ins for services of others that a job asks: the Climate Data Store, a STAC API, and Overpass.
import type { Service } from '../service.ts';
import { cdsRoutes } from './cds.ts';
import { Files } from './files.ts';
import { overpassRoutes } from './overpass.ts';
import { stacRoutes } from './stac.ts';

/** Undefined where the cloud is opened without them: then their addresses are not known. */
export const thirdParties: Service<Files | undefined> = {
  open: ({ options: { thirdParties: folder } }) => (folder === undefined ? undefined : new Files(folder)),
  routes: (app, files, { options: { clock, newId } }) => {
    if (files === undefined) return;
    cdsRoutes(app, { files, clock, newId });
    stacRoutes(app, files);
    overpassRoutes(app, files);
  },
};
