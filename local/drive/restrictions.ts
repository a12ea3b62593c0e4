// How the place of a file in the plain folder restricts its download: see the table in the README.
import { sep } from 'node:path';

/** A file in one of these lies in the watched folder for Drive, and only its download differs. */
export const RESTRICTED = { '.no-download': 'download-disabled', '.flagged': 'flagged' } as const;

export type Restriction = (typeof RESTRICTED)[keyof typeof RESTRICTED];

export function restrictionOf(path: string | undefined): Restriction | undefined {
  const place = path?.split(sep)[0] ?? '';
  return Object.hasOwn(RESTRICTED, place) ? RESTRICTED[place as keyof typeof RESTRICTED] : undefined;
}
