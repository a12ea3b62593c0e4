// The files of the current publication, as a folder that programs of the field open.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { HeatMesh } from './start-heat.ts';

export { storeFolder } from '../../../models/heat/published-files.ts';

/** Returns where the folder is. */
export async function writeFolder(mesh: HeatMesh, isWanted: (name: string) => boolean): Promise<string> {
  const { files } = await mesh.pointer();
  const folder = join(mesh.data, 'export-folder');
  for (const { name, object } of files) {
    if (!isWanted(name)) continue;
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), await buffer(mesh.exports.read(object)));
  }
  return folder;
}
