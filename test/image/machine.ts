// What the check of the image needs of its machine, and how it runs programs there: bounded, and leaving nothing mounted.
import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';

/** The command ends with the process that starts it, and its mounts and processes end with it, whatever kills either. */
export const NAMESPACES = [
  'setpriv',
  '--pdeathsig=KILL',
  'unshare',
  '--mount',
  '--pid',
  '--fork',
  '--kill-child',
];
const ISOLATED = [...NAMESPACES, '--mount-proc', '--'];

/** Each program, and the Debian package that brings it. */
const PROGRAMS: Readonly<Record<string, string>> = {
  buildah: 'buildah',
  debootstrap: 'debootstrap',
  unshare: 'util-linux',
  setpriv: 'util-linux',
};

const MOST_OUTPUT_BYTES = 64 * 1024 * 1024;
const SHOWN_CHARACTERS = 2_000;
const PROBE_MS = 60_000;
/** A download on a slow day; the commands take seconds to minutes. */
const LONGEST_MS = 1_200_000;

export interface Machine {
  readonly platform: string;
  /** 0 is root. */
  readonly user: number | undefined;
  /** Whether the command is found and succeeds. */
  succeeds(program: string, ...args: readonly string[]): boolean;
}

export const thisMachine: Machine = {
  platform: process.platform,
  user: process.getuid?.(),
  succeeds: (program, ...args) =>
    spawnSync(program, args, { stdio: 'ignore', timeout: PROBE_MS }).status === 0,
};

/** Why the machine cannot build the image and run it, and what to do about that; undefined where it can. */
export function whatIsMissing({ platform, user, succeeds }: Machine): string | undefined {
  if (platform !== 'linux') return `found ${platform}, expected linux: run npm run check:image on Linux`;
  const missing = Object.keys(PROGRAMS).filter((program) => !succeeds(program, '--version'));
  if (missing.length > 0) {
    const packages = [...new Set(missing.map((program) => PROGRAMS[program]))].join(' ');
    return `not found: ${missing.join(', ')}. Run: apt-get install --yes --no-install-recommends ${packages}`;
  }
  if (user !== 0) return `found user ${user}, expected root, who may mount: run sudo npm run check:image`;
  const [program = '', ...args] = ISOLATED;
  if (!succeeds(program, ...args, 'mount', '-t', 'tmpfs', 'tmpfs', '/tmp'))
    return 'root may not mount here, as in a container without privileges: run npm run check:image outside of it';
  return undefined;
}

/** Gives what the command printed; an error holds the end of its output. It and its children end after 20 minutes. */
export async function run(command: readonly string[]): Promise<string> {
  const [program = '', ...args] = [...ISOLATED, ...command];
  const options = { timeout: LONGEST_MS, killSignal: 'SIGKILL', maxBuffer: MOST_OUTPUT_BYTES } as const;
  try {
    const { stdout } = await promisify(execFile)(program, args, options);
    return stdout.trim();
  } catch (error) {
    const {
      killed,
      stdout = '',
      stderr = '',
    } = error as { killed?: boolean; stdout?: string; stderr?: string };
    const how = killed === true ? `did not end within ${LONGEST_MS / 60_000} minutes` : 'failed';
    const end = `${stdout}${stderr}`.slice(-SHOWN_CHARACTERS);
    throw new Error(`${command.slice(0, 8).join(' ')} ${how}:\n${end}`, { cause: error });
  }
}

/** A line for the person who waits. */
export const report = (line: string): void => void process.stderr.write(`image: ${line}\n`);
