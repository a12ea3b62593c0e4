// Where all pipelines stand, read at most once in a while: a mesh of a thousand has thousands of objects to read.
import { createHash } from 'node:crypto';
import { concurrently } from '../../../shared/concurrently.ts';
import { requestsOf, watchesOf } from '../../../shared/pipelines/pipeline.ts';
import type { Reads } from './reads.ts';
import { AT_ONCE, readQueue, readStanding, versionOf, type Depth, type QueueStanding } from './pipelines.ts';
import { CONDITIONS, type Standing } from './standing.ts';

export interface All {
  readonly standings: readonly Standing[];
  readonly queues: readonly QueueStanding[];
}

/** Up to so many pipelines are read for each page anew; of more, a page is as old as so many milliseconds for each. */
const FEW = 20;
const KEPT_MS_EACH = 30;

export class AllStandings {
  #read: { readonly atMs: number; readonly all: Promise<All> } | undefined;

  async of(ports: Reads): Promise<All> {
    const { size } = ports.pipelines;
    const keptMs = size <= FEW ? 0 : size * KEPT_MS_EACH;
    const nowMs = ports.now();
    if (this.#read !== undefined && nowMs - this.#read.atMs < keptMs) return this.#read.all;
    const read = { atMs: nowMs, all: readAll(ports) };
    this.#read = read;
    // What failed is not kept.
    read.all.catch(() => {
      if (this.#read === read) this.#read = undefined;
    });
    return read.all;
  }

  /** One read for each of a few pipelines; of many, what was read a moment ago. */
  async version(ports: Reads, depth: Depth): Promise<string> {
    if (ports.pipelines.size > FEW)
      return createHash('sha256')
        .update(JSON.stringify(await this.of(ports)))
        .digest('hex');
    const versions = await concurrently([...ports.pipelines.values()], AT_ONCE, (pipeline) =>
      versionOf(pipeline, ports, depth),
    );
    return versions.join();
  }
}

/** Those that need a person first. */
async function readAll(ports: Reads): Promise<All> {
  const all = [...ports.pipelines.values()];
  const [standings, queues] = await Promise.all([
    concurrently(watchesOf(all), AT_ONCE, async (each) => (await readStanding(each, ports)).standing),
    concurrently(requestsOf(all), AT_ONCE, (each) => readQueue(each, ports)),
  ]);
  const urgency = ({ condition }: Standing) => CONDITIONS.indexOf(condition);
  return { standings: standings.toSorted((one, other) => urgency(one) - urgency(other)), queues };
}
