// Sends the load of the load test: an open loop of requests, one in twenty of them twice, and counts what is answered.
import { randomUUID } from 'node:crypto';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { percentile } from '../serving/requests.ts';
import { postTo, type Answered } from './load-post.ts';

export interface SendOptions {
  readonly url: string;
  readonly tokens: string;
  readonly pipeline: string;
  readonly rate: number;
  readonly minutes: number;
  readonly accepted: string;
}

const BODY = { seconds: 0, ends: 'succeed', units: 1 };
const AGAIN_EVERY = 20;
/** A generator that uses more of its one thread measures itself. */
const MOST_OF_CORE = 0.5;

/**
 * Open loop: a request is sent when it is due, whatever the others do; its time counts from then. Prints what was
 * answered. Returns whether it counts.
 */
export async function sendLoad(options: SendOptions): Promise<boolean> {
  const { rate, minutes, accepted } = options;
  const count = Math.round(rate * minutes * 60);
  const counted = new Counted(accepted);
  const one = senderOf(options, counted);
  const [beganMs, cpu] = [performance.now(), process.cpuUsage()];
  const under = new Set<Promise<void>>();
  for (let index = 0; index < count; index++) {
    const dueMs = beganMs + (index * 1000) / rate;
    const early = dueMs - performance.now();
    if (early > 1) await wait(early);
    const sent = one(index, dueMs).finally(() => under.delete(sent));
    under.add(sent);
  }
  await Promise.all(under);
  const seconds = (performance.now() - beganMs) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const generatorCores = (user + system) / 1e6 / seconds;
  const shown = { asked: count, perSecond: count / seconds, ...counted.shown(), generatorCores };
  process.stdout.write(`${JSON.stringify(shown, undefined, 2)}\n`);
  const counts = generatorCores <= MOST_OF_CORE;
  if (!counts) process.stderr.write(`void: the generator used ${generatorCores.toFixed(2)} of its core\n`);
  return counts;
}

function senderOf({ url, tokens, pipeline }: SendOptions, counted: Counted) {
  const owners = readFileSync(tokens, 'utf8').trim().split('\n');
  const post = postTo(`${url.replace(/\/$/, '')}/pipeline/run`);
  const body = JSON.stringify({ pipeline, parameters: BODY });
  const round = randomUUID();
  return async (index: number, dueMs: number): Promise<void> => {
    const token = owners[index % owners.length] ?? '';
    const ask = () => post(token, `${round}-${index}`, body);
    const first = await ask();
    counted.add(first, performance.now() - dueMs);
    if (first.status !== 202 || index % AGAIN_EVERY !== 0) return;
    counted.addAgain(first, await ask());
  };
}

/** What was answered; the ids of accepted jobs go to the file. */
class Counted {
  readonly #file: string;
  readonly #times: number[] = [];
  readonly #statuses: Record<string, number> = {};
  readonly #again = { sent: 0, otherJobOfSameKey: 0, refused: 0 };
  #other = '';

  constructor(file: string) {
    this.#file = file;
    writeFileSync(file, '', { flag: 'a' });
  }

  add(answer: Answered, ms: number): void {
    this.#times.push(ms);
    this.#statuses[answer.status] = (this.#statuses[answer.status] ?? 0) + 1;
    if (answer.status === 202) appendFileSync(this.#file, `${idIn(answer)}\n`);
    else this.#other = answer.text.slice(0, 300);
  }

  addAgain(first: Answered, again: Answered): void {
    this.#again.sent += 1;
    if (again.status !== 202) this.#again.refused += 1;
    else if (idIn(again) !== idIn(first)) this.#again.otherJobOfSameKey += 1;
  }

  shown() {
    const at = (share: number) => percentile(this.#times, share);
    return {
      ...{ statuses: this.#statuses, again: this.#again },
      ...(this.#other === '' ? {} : { lastOtherAnswer: this.#other }),
      ms: { p50: at(0.5), p99: at(0.99), p999: at(0.999) },
    };
  }
}

const idIn = ({ text }: Answered): string => (JSON.parse(text) as { readonly job_id: string }).job_id;
