// Builds the job's image from its Dockerfile as it stands, in a folder that holds all that is made on the way.
import { chmodSync, cpSync, lstatSync, mkdirSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { NAMESPACES, report, run } from './machine.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BASE = 'localhost/base';

type Buildah = (...args: readonly string[]) => Promise<string>;

const inspected = z.object({
  OCIv1: z.object({
    config: z.strictObject({
      User: z.string(),
      Env: z.array(z.string()),
      Entrypoint: z.array(z.string()),
      WorkingDir: z.string(),
      Labels: z.record(z.string(), z.string()),
    }),
  }),
});

export interface Image {
  /** A folder with all files of the image. */
  readonly root: string;
  /** What it says of itself; a field that is not listed above is an error. */
  readonly config: z.infer<typeof inspected>['OCIv1']['config'];
}

/** Builds the image of a job by its Dockerfile; `folder` is empty, and its owner removes it. */
export async function buildImage(folder: string, job = 'forecast'): Promise<Image> {
  const [file, tag] = [`jobs/${job}/Dockerfile`, `localhost/${job}`];
  // Plain folders as layers: nothing is mounted that would have to be taken away again.
  const store = ['--root', join(folder, 'root'), '--runroot', join(folder, 'run'), '--storage-driver=vfs'];
  const buildah: Buildah = (...args) => run(['buildah', ...store, ...args]);
  report('making a base of Debian and Node');
  await makeBase(buildah);
  report(`building ${file}`);
  const dockerfile = `--file=${join(ROOT, file)}`;
  const how = ['--isolation=chroot', '--pull-never', `--from=${BASE}`, '--timestamp=0', dockerfile];
  await buildah('build', ...how, `--tag=${tag}`, privateCheckout(join(folder, 'context')));
  await buildah('from', '--pull-never', `--name=${job}`, tag);
  const root = await buildah('mount', job);
  const { OCIv1 } = inspected.parse(JSON.parse(await buildah('inspect', '--type=image', tag)));
  return { root, config: OCIv1.config };
}

/** What stands for the image that the Dockerfile pins, which is in a registry. */
async function makeBase(buildah: Buildah): Promise<void> {
  await buildah('from', '--name=base', 'scratch');
  const root = await buildah('mount', 'base');
  const node = join(ROOT, 'node_modules/node/bin/node');
  await run(['sh', join(import.meta.dirname, 'fill-base.sh'), root, node, npmFolder()]);
  await buildah('commit', '--quiet', '--rm', 'base', BASE);
}

/** The command that runs a program of the image, its own where none is named, as Cloud Run would. */
export function contained({ root, config }: Image, program = config.Entrypoint): readonly string[] {
  const contain = ['sh', join(import.meta.dirname, 'contain.sh'), root, config.User, config.WorkingDir];
  return [...NAMESPACES, '--ipc', '--uts', '--', ...contain, ...config.Env, ...program];
}

/** What .dockerignore lets into the build, as a checkout with umask 077 has it. */
function privateCheckout(folder: string): string {
  mkdirSync(folder, { recursive: true });
  const ignore = readFileSync(join(ROOT, '.dockerignore'), 'utf8').split('\n');
  const letIn = ignore.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
  for (const name of ['.dockerignore', ...letIn])
    cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, name);
    chmodSync(path, lstatSync(path).isDirectory() ? 0o700 : 0o600);
  }
  return folder;
}

/** The folder of the npm that is on the path. */
function npmFolder(): string {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    try {
      return dirname(dirname(realpathSync(join(folder, 'npm'))));
    } catch {
      // It is not in this one.
    }
  }
  throw new Error('npm is not on the path: install Node.js with npm');
}
