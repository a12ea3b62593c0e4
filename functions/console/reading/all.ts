// Where all pipelines stand, read at most once in a while: a mesh of a thousand has thousands of objects to read.
import { createHash } from 'node:crypto';
import { concurrently } from '../../../shared/concurrently.ts';
import { requestsOf, watchesOf, type Pipeline } from '../../../shared/pipelines/pipeline.ts';
import { isMissing, Parts, wholeOf, type Part, type PartPorts, type PartProblem } from './part.ts';
import type { Reads } from './reads.ts';
import { AT_ONCE, readQueue, readStanding, versionOf, type Depth, type QueueStanding } from './pipelines.ts';
import { CONDITIONS, type Standing } from './standing.ts';

export interface All {
  readonly standings: readonly Standing[];
  readonly queues: readonly QueueStanding[];
  /** Those of which nothing is known: they need a person before all others. */
  readonly unread: readonly Unread[];
}

export interface Unread {
  readonly pipeline: string;
  readonly problem: PartProblem;
}

/** Up to so many pipelines are read for each page anew; of more, a page is as old as so many milliseconds for each. */
const FEW = 20;
const KEPT_MS_EACH = 30;

type AllReads = Reads & PartPorts;

export class AllStandings {
  #read: { readonly atMs: number; readonly all: Promise<All> } | undefined;

  async of(ports: AllReads): Promise<All> {
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
  async version(ports: AllReads, depth: Depth): Promise<string> {
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

/** Those that need a person first. Throws where no state can be read at all: then it is the service that is silent. */
async function readAll(ports: AllReads): Promise<All> {
  const all = [...ports.pipelines.values()];
  const parts = new Parts(ports);
  const each = <Kind extends Pipeline, Read>(kind: readonly Kind[], read: (one: Kind) => Promise<Read>) =>
    concurrently(kind, AT_ONCE, async (one) => ({
      pipeline: one.name,
      part: await parts.read(`the pipeline ${one.name}`, () => read(one)),
    }));
  const [watches, requests] = await Promise.all([
    each(watchesOf(all), async (one) => (await readStanding(one, ports)).standing),
    each(requestsOf(all), (one) => readQueue(one, ports)),
  ]);
  const unread = [...watches, ...requests].flatMap(({ pipeline, part }) =>
    isMissing(part) ? [{ pipeline, problem: part.problem }] : [],
  );
  const isSilent = unread.every(({ problem: { code } }) => code !== 'OBJECT_MALFORMED');
  const [first] = watches.length > 0 ? watches : requests;
  if (first !== undefined && unread.length === all.length && isSilent) wholeOf<unknown>(first.part);
  const urgency = ({ condition }: Standing) => CONDITIONS.indexOf(condition);
  const standings = readOf(watches).toSorted((one, other) => urgency(one) - urgency(other));
  return { standings, queues: readOf(requests), unread };
}

const readOf = <Read>(parts: readonly { readonly part: Part<Read> }[]): readonly Read[] =>
  parts.flatMap(({ part }) => (isMissing(part) ? [] : [part]));
