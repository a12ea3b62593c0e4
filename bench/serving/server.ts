// A process of the serving bench: the service behind the framework over a model on disk, or a bare handler; `swap` swaps the model.
// Called as `server.ts service <folder>` or `server.ts bare`, with a channel to its parent.
import { http } from '@google-cloud/functions-framework';
import { getTestServer } from '@google-cloud/functions-framework/testing';
import { readdirSync, readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { composePredictBikes } from '../../functions/predict-bikes/compose.ts';
import { register } from '../../shared/http/register.ts';
import { bikes } from '../../pipelines/bikes.ts';
import { createLog } from '../../shared/logging.ts';
import { MemoryStore } from '../../shared/objects/memory.ts';
import { readPointer, type Pointer } from '../../shared/publications/pointer.ts';
import { movePointerTo, publishSample } from '../../test/unit/bikes/sample-model.ts';
import type { FromServer } from './processes.ts';

const TASK = { task: 'reg' } as const;
const LONGEST_PAUSE_MS = 300_000;
const [role = '', folder = ''] = process.argv.slice(2);
const report = (message: FromServer) => process.send?.(message);

process.on('disconnect', () => process.exit());
if (role === 'bare') {
  http('bare', (_request, response) => void response.json({ predictions: [1] }));
  listen('bare');
} else await serve();

async function serve(): Promise<void> {
  const exports = new MemoryStore('exports');
  const pointers: Pointer[] = [];
  for (const [index, name] of readdirSync(folder).toSorted().entries()) {
    await publishSample(exports, filesIn(join(folder, name)), { ...TASK, ordinal: index + 1 });
    const stored = await readPointer(exports, bikes.name, TASK.task);
    if (stored !== undefined) pointers.push(stored.value);
  }
  const config = {
    GOOGLE_CLOUD_PROJECT: 'bench',
    PIPELINE: bikes.name,
    SERVICE: 'reg',
    MODEL: 'reg',
    EXPORTS_BUCKET: 'exports',
  };
  const service = composePredictBikes(config, {
    objects: () => exports,
    pipelines: new Map([[bikes.name, bikes]]),
    now: () => Date.now(),
    newId: () => 'bench',
    wait: (ms) => wait(ms, undefined, { ref: false }),
    createLog: (name, project) => createLog(name, project).child({}, { level: 'silent' }),
    openTracing: () => ({ during: (work) => work() }),
  });
  let swaps = 0;
  process.on('message', () => void swap());
  register(http, 'service', service);
  listen('service');

  async function swap(): Promise<void> {
    swaps += 1;
    // The last one published is served at first.
    const next = pointers[(swaps - 1) % pointers.length]!;
    await movePointerTo(exports, { ...next, ordinal: pointers.length + swaps });
    const asked = { method: 'POST', path: '/refresh_model', bytes: Buffer.alloc(0) };
    const { text } = await service.answer({
      ...asked,
      contentType: undefined,
      encoding: undefined,
      tooLong: false,
    });
    report({ swapped: (JSON.parse(text) as { changed?: boolean }).changed === true });
  }
}

function filesIn(model: string) {
  const bytes = new Map(readdirSync(model).map((name) => [name, readFileSync(join(model, name))]));
  const descriptor = bytes.get('reg.json') ?? Buffer.alloc(0);
  bytes.delete('reg.json');
  return { descriptor, bytes };
}

function listen(name: string): void {
  const server = getTestServer(name);
  // A connection that the server closes while a request is on its way would count as a failure of the service.
  server.keepAliveTimeout = LONGEST_PAUSE_MS;
  server.listen(0, '127.0.0.1', () => report({ port: (server.address() as AddressInfo).port }));
}
