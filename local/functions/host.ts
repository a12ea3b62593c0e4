// The main of a function's process: runs the framework's own command, and has it listen on loopback only.
import { createRequire, flushCompileCache } from 'node:module';
import { Server, type AddressInfo } from 'node:net';

type Listen = (this: Server, ...wanted: readonly unknown[]) => Server;

// An instance without its cloud has nobody to serve, nor to read its last lines: at an ordinary exit pino would try for
// ever to write those that wait, to a pipe that is broken (sonic-boom's flushSync repeats after every error).
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));

// The command itself listens on every interface, at a port that somebody would have to know to be free.
const listen = Server.prototype.listen as Listen;
const listenLocally: Listen = function (...wanted) {
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

const [command = ''] = process.argv.splice(2);
createRequire(import.meta.url)(command);
