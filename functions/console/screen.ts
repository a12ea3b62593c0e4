// A screen: what it reads, and how it shows that; its data is also its JSON.
import type { Html } from '../../shared/page/html.ts';
import type { Asked, Ports } from './ports.ts';
import type { Depth } from './reading/pipelines.ts';
import type { View } from './view.ts';

/** Undefined: only by reading it all. */
export type Version = (asked: Asked, ports: Ports, depth: Depth) => Promise<string | undefined>;

export interface Screen<Data extends object> {
  /**
   * Names what would be shown, with one read where that is possible. What is quoted
   * in `If-None-Match` is compared with it before anything else is read.
   */
  readonly version?: Version;
  readonly read: (asked: Asked, ports: Ports) => Promise<Data>;
  readonly title: (data: Data, view: View) => string;
  readonly body: (data: Data, view: View) => Html;
  /** False: a part of it could not be read. Undefined: it has no such part. */
  readonly isWhole?: (data: Data) => boolean;
  /** How soon something may change: `live` while something runs. Undefined: it never does. */
  readonly pace?: (data: Data) => 'live' | 'calm';
}

/** A screen whose data is its own affair. */
export interface AnyScreen {
  readonly version?: Version;
  readonly show: (asked: Asked, ports: Ports) => Promise<Shown>;
}

export interface Shown {
  readonly data: object;
  readonly title: (view: View) => string;
  readonly body: (view: View) => Html;
  readonly isWhole: boolean;
  readonly pace: 'live' | 'calm' | undefined;
}

export const screen = <Data extends object>(given: Screen<Data>): AnyScreen => ({
  ...(given.version && { version: given.version }),
  async show(asked, ports) {
    const data = await given.read(asked, ports);
    return {
      data,
      title: (view) => given.title(data, view),
      body: (view) => given.body(data, view),
      isWhole: given.isWhole?.(data) ?? true,
      pace: given.pace?.(data),
    };
  },
});
