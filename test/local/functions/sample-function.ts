// A function for the tests of the host: it does what its path says.
import { http } from '@google-cloud/functions-framework';
import { appendFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { until } from '../../waiting.ts';

/** The work continues once the test has made the file `FILE.go`. */
const gateOf = (file: string) => until('the gate to open', () => existsSync(`${file}.go`) || undefined);

http('sample', async (request, response) => {
  switch (request.path) {
    case '/echo':
      response.set('x-seen-method', request.method).json({
        url: request.url,
        headers: request.headers,
        body: request.rawBody?.toString(),
      });
      return;
    case '/env':
      process.stdout.write('showing the environment\n');
      response.json({ pid: process.pid, env: process.env, flags: process.execArgv });
      return;
    case '/slow':
      process.stdout.write(`beginning ${String(request.query['file'])}\n`);
      await gateOf(String(request.query['file']));
      await appendFile(String(request.query['file']), 'done\n');
      response.send('slow');
      return;
    case '/die':
      process.exit(3);
      break;
    case '/throw':
      throw new Error('deliver again');
    default:
      response.status(404).send('no such path');
  }
});
