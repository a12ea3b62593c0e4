// Bodies as they are sent: whole, too long, compressed, without a length, slowly, and broken off.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { Body } from '../../../shared/http/call.ts';
import { readBody } from '../../../shared/http/read-body.ts';
import { until } from '../../waiting.ts';

describe('a body', () => {
  const MOST = 1000;
  const read: (Body | undefined)[] = [];
  let server: Server;
  let port: number;
  before(async () => {
    server = createServer((request, response) => {
      void readBody(request, MOST).then((body) => {
        read.push(body);
        if (body !== undefined) response.end('answered');
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  });
  beforeEach(() => void (read.length = 0));
  after(() => server.close());

  /** Sends the parts one after the other, and returns the body as it was read, once it is answered. */
  async function sent(headers: Record<string, string>, ...parts: readonly string[]): Promise<Body> {
    const request = httpRequest({ port, host: '127.0.0.1', method: 'POST', headers });
    for (const part of parts) request.write(part);
    request.end();
    const [answer] = (await once(request, 'response')) as [IncomingMessage];
    answer.resume();
    await once(answer, 'end');
    const [body] = read;
    assert.ok(body !== undefined);
    return body;
  }

  const textOf = ({ bytes }: Body): string => Buffer.from(bytes).toString();

  test('a body arrives as it was sent, with or without its length, up to the limit', async () => {
    for (const headers of [{ 'content-length': '1000' }, {}] as Record<string, string>[]) {
      read.length = 0;
      const body = await sent({ ...headers, 'content-type': 'text/plain' }, 'a'.repeat(400), 'b'.repeat(600));
      assert.equal(textOf(body), 'a'.repeat(400) + 'b'.repeat(600));
      assert.partialDeepStrictEqual(body, { contentType: 'text/plain', encoding: undefined, tooLong: false });
    }
  });

  test('a call without a body has none', async () => {
    const body = await sent({ 'content-length': '0' });
    assert.deepEqual([textOf(body), body.tooLong], ['', false]);
  });

  test('what is longer is answered once it is read, and not kept', async () => {
    for (const headers of [{ 'content-length': '3000000' }, {}] as Record<string, string>[]) {
      read.length = 0;
      const body = await sent(headers, ...Array.from({ length: 30 }, () => 'x'.repeat(100_000)));
      assert.deepEqual([body.bytes.length, body.tooLong], [0, true]);
    }
  });

  test('a compressed body is left as it is, and `identity` is none', async () => {
    assert.equal((await sent({ 'content-encoding': 'gzip' }, 'not gzip')).encoding, 'gzip');
    read.length = 0;
    assert.equal((await sent({ 'content-encoding': 'identity' }, 'plain')).encoding, undefined);
  });

  test('a body that breaks off is no body', async () => {
    const socket = connect(port, '127.0.0.1');
    socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n{}');
    await once(server, 'request');
    socket.destroy();
    await until('the end of the reading', () => (read.length > 0 ? true : undefined));
    assert.deepEqual(read, [undefined]);
  });
});
