// The fixture of the tests of results: a run in a slot whose job has written its output, in memory, with faults at each call.
import { pino } from 'pino';
import { publishResult, type Ports } from '../../../functions/publish-output/publish-result.ts';
import { writeManifest } from '../../../shared/attempts/manifest.ts';
import { writeOnce } from '../../../shared/attempts/write-once.ts';
import type { RunRequested } from '../../../shared/events/messages.ts';
import { toJson } from '../../../shared/objects/json.ts';
import { MemoryStore } from '../../../shared/objects/memory.ts';
import type { ObjectStore } from '../../../shared/objects/store.ts';
import type { OutputFile } from '../../../shared/outputs/manifest.ts';
import { noState } from '../../../shared/requests/decide.ts';
import { createDecision } from '../../../shared/requests/decisions.ts';
import { ownerOf, requestedRunOf } from '../../../shared/requests/names.ts';
import { outputFolder } from '../../../shared/runs/names.ts';
import { readOutcome } from '../../../shared/runs/outcome.ts';
import { Readable } from 'node:stream';
import { sleeps } from '../../ports/sleeps.ts';
import { faulty, NO_FAULT, type Fault } from '../start-run/faults.ts';

export const NOW = Date.UTC(2026, 10, 27, 8);
const AT = new Date(NOW).toISOString();
export const RUN = requestedRunOf(
  { issuer: 'https://accounts.google.com', subject: 'ada' },
  sleeps.name,
  'key',
);
export const ANSWER = { slept: 0, units: 1 };

export class ResultPlace {
  readonly runs = new MemoryStore('runs');
  readonly requests = new MemoryStore('requests');
  readonly results = new MemoryStore('results');
  readonly hints: RunRequested[] = [];
  /** What was logged, line by line. */
  readonly lines: object[] = [];
  readonly #log = pino(
    { level: 'info' },
    { write: (line: string) => void this.lines.push(JSON.parse(line) as object) },
  );
  #decisions = 0;

  /** The dispatch's newest decision: this attempt of the run is in a slot, or none is. */
  async decide(attempt: number | undefined): Promise<void> {
    const slot = { run: RUN, owner: ownerOf(RUN) ?? '', cost: 1, since: AT };
    const slots = attempt === undefined ? [] : [{ ...slot, attempt }];
    this.#decisions += 1;
    const made = { ...noState(NOW), slots, n: this.#decisions, token: `token-${this.#decisions}` };
    await createDecision(this.requests, sleeps.name, made);
  }

  /** Writes the files and the manifest of an attempt, as its job does. */
  async write(files: Readonly<Record<string, string>>, attempt = 1): Promise<readonly OutputFile[]> {
    const written: OutputFile[] = [];
    for (const [name, text] of Object.entries(files)) {
      const object = `${outputFolder(sleeps.name, RUN, attempt)}${name}`;
      const type = name.endsWith('.json') ? 'application/json' : 'text/csv';
      written.push(await writeOnce(this.results, object, type, () => Readable.from([text])));
    }
    const of = { pipeline: sleeps.name, run: RUN, attempt, writtenAt: AT };
    await writeManifest(this.results, { kind: 'output', ...of, files: written, rows: 0 });
    return written;
  }

  async refuse(attempt = 1, found = 'a'): Promise<void> {
    const of = { pipeline: sleeps.name, run: RUN, attempt, writtenAt: AT };
    const problems = [{ file: 'x', found, expected: 'b', message: `${found} is not b` }];
    const refusal = {
      kind: 'refusal',
      ...of,
      reason: `${found} is not b`,
      problems,
      problemCount: 1,
    } as const;
    await writeManifest(this.results, refusal);
  }

  ports(fault: Fault = NO_FAULT): Ports {
    const publisher = { publish: async (message: RunRequested) => void this.hints.push(message) };
    return {
      runs: faulty<ObjectStore>(this.runs, 'runs', fault),
      requests: faulty<ObjectStore>(this.requests, 'requests', fault),
      results: faulty<ObjectStore>(this.results, 'results', fault),
      runRequested: faulty(publisher, 'run-requested', fault),
      now: () => NOW,
      log: this.#log,
    };
  }

  publish(fault: Fault = NO_FAULT, attempt = 1): Promise<void> {
    return publishResult({ pipeline: sleeps, run: RUN, attempt }, this.ports(fault));
  }

  outcome = () => readOutcome(this.runs, sleeps.name, RUN);
}

export const answerText = toJson(ANSWER);
