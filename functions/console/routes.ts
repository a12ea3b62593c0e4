// The routes of the console, as data: a screen is read, one with `send` also takes a form, and a file is a picture or a download.
import type { Routed } from '../../shared/http/router.ts';
import type { PageFile } from './file.ts';
import type { Asked, Ports } from './ports.ts';
import type { AnyScreen } from './screen.ts';
import { audit } from './screens/audit.ts';
import { changes } from './screens/changes.ts';
import { commands, oneCommand } from './screens/commands.ts';
import { newCommand, sendCommand } from './screens/new-command.ts';
import { log, logFile } from './screens/log.ts';
import { now } from './screens/now.ts';
import { right } from './screens/right.ts';
import { run } from './screens/run.ts';
import { runs } from './screens/runs.ts';
import { sources, sourcesAt } from './screens/sources.ts';
import { trace } from './screens/trace.ts';

export interface ScreenRoute extends Routed {
  readonly screen: AnyScreen;
  /** Does what a form says, and returns the path that shows the result. */
  readonly send?: (asked: Asked, ports: Ports) => Promise<string>;
}

export interface FileRoute extends Routed {
  readonly file: (asked: Asked, ports: Ports) => Promise<PageFile>;
}

export type Route = ScreenRoute | FileRoute;

const get = (path: string, screen: AnyScreen): ScreenRoute => ({ method: 'GET', path, screen });

export const ROUTES: readonly Route[] = [
  get('/', now),
  get('/p/{pipeline}', right),
  get('/p/{pipeline}/runs', runs),
  get('/p/{pipeline}/runs/{run}', run),
  get('/p/{pipeline}/runs/{run}/sources', sources),
  get('/p/{pipeline}/runs/{run}/log', log),
  { method: 'GET', path: '/p/{pipeline}/runs/{run}/log.txt', file: logFile },
  get('/p/{pipeline}/runs/{run}/trace', trace),
  get('/p/{pipeline}/sources', sourcesAt),
  get('/p/{pipeline}/changes', changes),
  get('/p/{pipeline}/audit', audit),
  get('/p/{pipeline}/commands', commands),
  get('/p/{pipeline}/commands/{id}', oneCommand),
  get('/p/{pipeline}/commands/new/{verb}', newCommand),
  { method: 'POST', path: '/p/{pipeline}/commands/new/{verb}', screen: newCommand, send: sendCommand },
];
