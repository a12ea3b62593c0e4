// The console of a mesh over temporary folders, opened as a chosen person, as a program and in a real browser.
import type { Cloud } from '../../../local/cloud.ts';
import { startMesh, type RunningMesh, type StartOptions } from '../start-mesh.ts';

export interface RunningConsole {
  readonly mesh: RunningMesh;
  /** The address of the console for a person. */
  addressOf(email: string): Promise<string>;
  /** Reads a page of the console as the owner of this machine, or as another person. */
  get(path: string, headers?: Readonly<Record<string, string>>, email?: string): Promise<Response>;
  close(): Promise<void>;
}

export const OWNER = 'operator@local';
export const READER = 'ada@example.org';
export const OTHER_OPERATOR = 'grace@example.org';
export const WITHOUT_RIGHTS = 'eve@example.org';

export async function startConsole(options: StartOptions = {}): Promise<RunningConsole> {
  const mesh = await startMesh({ ...options, config: { ...PEOPLE, ...options.config } });
  return { mesh, ...consoleOf(mesh.cloud), close: () => mesh.close() };
}

/** The settings that let these people in. */
export const PEOPLE = {
  'sluice:consoleOperators': `user:${OWNER},user:${OTHER_OPERATOR}`,
  'sluice:consoleReaders': `user:${READER}`,
} as const;

/** The console of a mesh that runs. */
export function consoleOf({ iap }: Pick<Cloud, 'iap'>): Pick<RunningConsole, 'addressOf' | 'get'> {
  const addressOf = (email: string) => iap.addressFor(email);
  return {
    addressOf,
    get: async (path, headers = {}, email = OWNER) =>
      fetch(`${await addressOf(email)}${path}`, { headers, redirect: 'manual' }),
  };
}
