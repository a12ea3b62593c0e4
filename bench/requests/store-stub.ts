// A process of the requests bench: Cloud Storage as far as both functions call it, without a disk, and the keys of tokens.
// Called as `store-stub.ts <JSON web key set>`; it answers its port, and to each message how often it was called.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const [keySet = '{"keys":[]}'] = process.argv.slice(2);
const JSON_TYPE = { 'content-type': 'application/json' };
/** The run that polls read: its record, and that it has started. */
const objects = new Map<string, string>();
let calls = 0;
let generation = 0;

const server = createServer((request, response) => {
  calls += 1;
  if (request.method === 'POST') {
    request.resume().on('end', () => {
      generation += 1;
      send(response, 200, { generation: String(generation) });
    });
  } else get(request, response);
});

function get({ url = '' }: IncomingMessage, response: ServerResponse): void {
  const { pathname, searchParams } = new URL(url, 'http://stub');
  if (pathname === '/oauth2/v3/certs') return void response.writeHead(200, JSON_TYPE).end(keySet);
  if (pathname.endsWith('/o')) return list(searchParams.get('prefix') ?? '', response);
  const text = objects.get(decodeURIComponent(pathname.slice(pathname.indexOf('/o/') + 3)));
  if (text === undefined) return send(response, 404, { error: { code: 404, message: 'No such object' } });
  response.writeHead(200, { ...JSON_TYPE, 'x-goog-generation': '1' }).end(text);
}

function list(prefix: string, response: ServerResponse): void {
  const items = [...objects.keys()]
    .filter((name) => name.startsWith(prefix))
    .map((name) => ({ name, generation: '1', size: '1', timeCreated: '2026-11-27T00:00:00.000Z' }));
  send(response, 200, items.length === 0 ? {} : { items });
}

const send = (response: ServerResponse, status: number, body: object): void =>
  void response.writeHead(status, JSON_TYPE).end(JSON.stringify(body));

process.on('disconnect', () => process.exit());
process.on('message', (planted: Readonly<Record<string, string>>) => {
  for (const [name, text] of Object.entries(planted)) objects.set(name, text);
  process.send?.({ calls, cpuMs: cpuMs() });
});
const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
server.keepAliveTimeout = 300_000;
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
