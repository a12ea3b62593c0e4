// A function that keeps the last delivery it was sent, for the tests of publishers.
import { http } from '@google-cloud/functions-framework';

let last: unknown;

http('receiver', (request, response) => {
  const body = request.body as { ask?: string; message?: { data: string } };
  if (body.ask === 'last') return void response.json(last);
  if (body.ask === 'refuse') return void response.status(400).send('never again');
  const text = Buffer.from(body.message?.data ?? '', 'base64').toString();
  if (text.includes('broken')) return void response.status(500).send('deliver again');
  last = body;
  response.status(204).end();
});
