// A file of the console beside its pages: a picture that a page shows, or a download.
import { createHash } from 'node:crypto';

export interface PageFile {
  readonly type: 'image/svg+xml' | 'image/png' | 'text/csv; charset=utf-8' | 'text/plain; charset=utf-8';
  readonly content: string | Uint8Array;
  /** The name of a download, made of letters, digits, dots, dashes and underscores; undefined: a page shows it. */
  readonly download?: string;
  /** True: its address names its content, of a publication for example, so a browser may keep it. */
  readonly isFixed: boolean;
}

const NAME = /^[\w.-]{1,150}$/;

/** As an attachment, never opened in the page's origin. Throws on a name that a header could not carry. */
export function dispositionOf(download: string): string {
  if (!NAME.test(download)) throw new TypeError(`${JSON.stringify(download)} is no name for a download`);
  return `attachment; filename="${download}"`;
}

export const versionOfContent = (content: string | Uint8Array): string =>
  createHash('sha256').update(content).digest('base64url').slice(0, 27);
