// The generated city, cut to two days, put into the watched bucket of a mesh.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeCity } from '../../../local/sample/city.ts';
import type { HeatMesh } from './start-heat.ts';

export const CITY = 'villeneuve';
export const [FIRST_DAY, LAST_DAY] = ['2025-06-21', '2025-06-22'];

export async function putTwoDays(mesh: Pick<HeatMesh, 'put'>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'two-days-'));
  try {
    await writeCity(folder, { seed: 1 });
    const files = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name));
    await mesh.put(new Map(files.map((path) => [path.slice(folder.length + 1), contentOf(path)])));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function contentOf(path: string): string | Buffer {
  if (!path.endsWith('.yml')) return readFileSync(path);
  return readFileSync(path, 'utf8').replace(/^ {2}end: .*$/m, `  end: ${LAST_DAY}`);
}
