// The main of a function's process: runs the framework's own command, and has it listen on loopback, for its cloud alone.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createRequire, flushCompileCache } from 'node:module';
import { Server, type AddressInfo } from 'node:net';
import { KEY_HEADER, KEY_VARIABLE } from './instance-key.ts';

type Listen = (this: Server, ...wanted: readonly unknown[]) => Server;

// An instance without its cloud serves no caller, and its last lines have no reader: at an ordinary exit pino would
// try for ever to write those that wait, to a pipe that is broken (sonic-boom's flushSync repeats after every error).
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));

const key = process.env[KEY_VARIABLE];
delete process.env[KEY_VARIABLE];

// The command itself listens on every interface, at a port that must be known to be free.
const listen = Server.prototype.listen as Listen;
const listenLocally: Listen = function (...wanted) {
  onlyForItsCloud(this);
  return listen.call(this, 0, '127.0.0.1', () => {
    const { port } = this.address() as AddressInfo;
    process.env['PORT'] = String(port);
    const listening = wanted.at(-1);
    if (typeof listening === 'function') listening();
    process.send?.({ port });
    flushCompileCache();
  });
};
Server.prototype.listen = listenLocally;

// The endpoint checks tokens and rights; a request that bypasses it was not checked. Whatever handles requests, now or
// later, receives only those that were.
function onlyForItsCloud(server: Server): void {
  const emit = server.emit.bind(server);
  server.emit = (event: string | symbol, ...given: unknown[]): boolean => {
    if (event !== 'request') return emit(event, ...given);
    const [request, response] = given as [IncomingMessage, ServerResponse];
    if (request.headers[KEY_HEADER] === key) {
      delete request.headers[KEY_HEADER];
      return emit(event, request, response);
    }
    response
      .writeHead(403)
      .end('An instance answers its own local cloud only; call the URL of the function.');
    return true;
  };
}

const [command = ''] = process.argv.splice(2);
createRequire(import.meta.url)(command);
