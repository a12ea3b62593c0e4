// Runs the code that a start and a first call need, while a compile cache is filled: V8 caches only what it compiled.
import { cloudEvent, http } from '@google-cloud/functions-framework';
import { getTestServer } from '@google-cloud/functions-framework/testing';
import type { AddressInfo } from 'node:net';
import { loadAll } from '../shared/google/lazily.ts';

const PUSH = {
  message: { data: 'e30=', messageId: '1', attributes: {} },
  subscription: 'projects/p/subscriptions/s',
};

/** Loads the large clients, and has the framework serve a sample call and a sample push. */
export async function exercise(): Promise<void> {
  await loadAll();
  http('exercise-http', (_request, response) => response.json({}));
  cloudEvent('exercise-event', () => undefined);
  for (const name of ['exercise-http', 'exercise-event']) {
    const server = getTestServer(name);
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = server.address() as AddressInfo;
    const answer = await fetch(`http://127.0.0.1:${port}/projects/p/topics/t`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(PUSH),
    });
    await answer.text();
    server.close();
    if (!answer.ok) throw new Error(`${name} answered ${answer.status} while the compile cache was filled`);
  }
}
