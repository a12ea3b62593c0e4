// The main of a function's process: loads the function's source and serves it with the real framework on loopback.
import { getFunction, getTestServer } from '@google-cloud/functions-framework/testing';
import { flushCompileCache } from 'node:module';
import type { AddressInfo } from 'node:net';
import { pathToFileURL } from 'node:url';

// An instance without its cloud has nobody to serve.
process.on('disconnect', () => process.exit(0));
process.on('SIGTERM', () => process.exit(0));

const [sourceFile = '', entryPoint = ''] = process.argv.slice(2);
await import(pathToFileURL(sourceFile).href);
if (getFunction(entryPoint) === undefined) {
  throw new Error(`${sourceFile} registers no function named ${entryPoint}`);
}
const server = getTestServer(entryPoint);
server.keepAliveTimeout = 0;
server.requestTimeout = 0;
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.env['PORT'] = String(port);
  process.send?.({ port });
  flushCompileCache();
});
