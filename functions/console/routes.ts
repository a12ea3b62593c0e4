// The routes of the console, as data: a screen is read, one with `send` also takes a form, and a file is a picture or a download.
import type { Routed } from '../../shared/http/router.ts';
import type { PageFile } from './file.ts';
import type { Asked, Ports } from './ports.ts';
import type { AnyScreen } from './screen.ts';
import { audit } from './screens/audit.ts';
import { changes } from './screens/changes.ts';
import { byTrigger } from './screens/by-trigger.ts';
import { cost } from './screens/cost.ts';
import { job } from './screens/job.ts';
import { map } from './screens/map.ts';
import { models } from './screens/models.ts';
import { forecastCsv, forecastPicture } from './screens/forecast-files.ts';
import { forecast } from './screens/forecast.ts';
import { commands } from './screens/commands.ts';
import { deadLetters } from './screens/dead-letters.ts';
import { newCommand, sendCommand } from './screens/new-command.ts';
import { newDeadLetterCommand, sendDeadLetterCommand } from './screens/new-dead-letter-command.ts';
import { log, logFile } from './screens/log.ts';
import { now } from './screens/now.ts';
import { oneCommand, sendAgain } from './screens/one-command.ts';
import { applyPlan, plan } from './screens/plan.ts';
import { requests } from './screens/requests.ts';
import { right } from './screens/right.ts';
import { rights } from './screens/rights.ts';
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
/** The same page is read, and takes its form. */
const form = (
  path: string,
  screen: AnyScreen,
  send: NonNullable<ScreenRoute['send']>,
): readonly ScreenRoute[] => [get(path, screen), { method: 'POST', path, screen, send }];

export const ROUTES: readonly Route[] = [
  get('/', now),
  get('/map', map),
  get('/cost', cost),
  get('/rights', rights),
  get('/p/{pipeline}', byTrigger({ watch: right, requests })),
  get('/p/{pipeline}/runs', runs),
  get('/p/{pipeline}/runs/{run}', byTrigger({ watch: run, requests: job })),
  get('/p/{pipeline}/runs/{run}/sources', sources),
  get('/p/{pipeline}/runs/{run}/log', log),
  { method: 'GET', path: '/p/{pipeline}/runs/{run}/log.txt', file: logFile },
  get('/p/{pipeline}/runs/{run}/trace', trace),
  get('/p/{pipeline}/sources', sourcesAt),
  get('/p/{pipeline}/changes', changes),
  get('/p/{pipeline}/models', models),
  get('/p/{pipeline}/forecast', forecast),
  { method: 'GET', path: '/p/{pipeline}/forecast/chart.svg', file: forecastPicture },
  { method: 'GET', path: '/p/{pipeline}/forecast/days.csv', file: forecastCsv },
  get('/p/{pipeline}/audit', audit),
  get('/p/{pipeline}/commands', commands),
  ...form('/p/{pipeline}/commands/{id}', oneCommand, sendAgain),
  ...form('/p/{pipeline}/commands/new/{verb}', newCommand, sendCommand),
  ...form('/p/{pipeline}/runs/{run}/plans/{hash}', plan, applyPlan),
  get('/dead-letters', deadLetters),
  ...form('/dead-letters/new/{verb}', newDeadLetterCommand, sendDeadLetterCommand),
  ...form('/dead-letters/commands/{id}', oneCommand, sendAgain),
];
