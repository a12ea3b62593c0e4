// The routes of the console, as data: a screen is read, one with `send` also takes a form, and a file is a picture or a download.
import type { Routed } from '../../shared/http/router.ts';
import type { PageFile } from './file.ts';
import type { Asked, Ports } from './ports.ts';
import type { AnyScreen } from './screen.ts';
import { audit } from './screens/audit.ts';
import { changes } from './screens/changes.ts';
import { byTrigger } from './screens/by-trigger.ts';
import { commands, oneCommand } from './screens/commands.ts';
import { cost } from './screens/cost.ts';
import { job } from './screens/job.ts';
import { map } from './screens/map.ts';
import { models } from './screens/models.ts';
import { forecastCsv, forecastPicture } from './screens/forecast-files.ts';
import { forecast } from './screens/forecast.ts';
import { newCommand, sendCommand } from './screens/new-command.ts';
import { now } from './screens/now.ts';
import { requests } from './screens/requests.ts';
import { right } from './screens/right.ts';
import { rights } from './screens/rights.ts';
import { run } from './screens/run.ts';
import { runs } from './screens/runs.ts';
import { sources } from './screens/sources.ts';

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
  get('/map', map),
  get('/cost', cost),
  get('/rights', rights),
  get('/p/{pipeline}', byTrigger({ watch: right, requests })),
  get('/p/{pipeline}/runs', runs),
  get('/p/{pipeline}/runs/{run}', byTrigger({ watch: run, requests: job })),
  get('/p/{pipeline}/runs/{run}/sources', sources),
  get('/p/{pipeline}/changes', changes),
  get('/p/{pipeline}/models', models),
  get('/p/{pipeline}/forecast', forecast),
  { method: 'GET', path: '/p/{pipeline}/forecast/chart.svg', file: forecastPicture },
  { method: 'GET', path: '/p/{pipeline}/forecast/days.csv', file: forecastCsv },
  get('/p/{pipeline}/audit', audit),
  get('/p/{pipeline}/commands', commands),
  get('/p/{pipeline}/commands/{id}', oneCommand),
  get('/p/{pipeline}/commands/new/{verb}', newCommand),
  { method: 'POST', path: '/p/{pipeline}/commands/new/{verb}', screen: newCommand, send: sendCommand },
];
