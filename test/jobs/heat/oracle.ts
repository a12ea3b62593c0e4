// Asks Debian's GDAL and zarr, by which tests check the readers, the warp and the writers where they are installed.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';

// Debian's own packages are those of its own Python.
const PYTHON = '/usr/bin/python3';
const LONGEST_MS = 120_000;

// One Python answers all that a process of tests asks: to load the libraries takes longer than most of it. What they
// print by themselves is no answer.
const ANSWERING = `
import io, json, os, sys, traceback
answers = os.fdopen(os.dup(1), 'w')
os.dup2(2, 1)
for line in sys.stdin:
    program, *values = json.loads(line)
    sys.argv, sys.stdout, failure = ['-c', *values], io.StringIO(), None
    try:
        exec(program, {'__name__': '__main__'})
    except BaseException:
        failure = traceback.format_exc()
    print(json.dumps({'printed': sys.stdout.getvalue(), 'failure': failure}), file=answers, flush=True)
`;

interface Answer {
  readonly printed: string;
  readonly failure: string | null;
}

let running: ReturnType<typeof start> | undefined;
let turn: Promise<unknown> = Promise.resolve();

function start() {
  const child = spawn(PYTHON, ['-c', ANSWERING], { stdio: ['pipe', 'pipe', 'ignore'] });
  // That it has ended is noticed where its answer is awaited.
  child.stdin.on('error', () => undefined);
  const handles = [child, child.stdin as Socket, child.stdout as Socket];
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return { child, handles, lines };
}

async function ask(words: readonly string[]): Promise<Answer> {
  const { child, handles, lines } = (running ??= start());
  // Between two questions it keeps no process of tests alive; it ends with the one that it answers.
  for (const handle of handles) handle.ref();
  const late = setTimeout(() => child.kill('SIGKILL'), LONGEST_MS);
  try {
    child.stdin.write(`${JSON.stringify(words)}\n`);
    const { value, done } = await lines.next();
    if (done === true) running = undefined;
    return done === true
      ? { printed: '', failure: 'it ended before it answered' }
      : (JSON.parse(value) as Answer);
  } finally {
    clearTimeout(late);
    for (const handle of handles) handle.unref();
  }
}

/** One question at a time. */
function answerTo(...words: readonly string[]): Promise<Answer> {
  const answer = turn.then(() => ask(words));
  turn = answer.catch(() => undefined);
  return answer;
}

async function reasonWithout(modules: string): Promise<false | string> {
  if (!existsSync(PYTHON)) return `there is no ${PYTHON}`;
  const { failure } = await answerTo(`import ${modules}`);
  return failure === null
    ? false
    : `${PYTHON} cannot import ${modules}: ${failure.trim().split('\n').at(-1)}`;
}

/** Why the tests with GDAL are skipped; false where it is there (`apt-get install gdal-bin python3-gdal`). */
export const skipGdal = await reasonWithout('osgeo.gdal, numpy');

/** The same for zarr and xarray (`apt-get install python3-zarr python3-xarray`). */
export const skipZarr = await reasonWithout('zarr, xarray');

/** What the program prints last, a line of JSON. Rejects with what it says where it fails. */
export async function python<T>(program: string, ...values: readonly string[]): Promise<T> {
  const { printed, failure } = await answerTo(program, ...values);
  if (failure !== null) throw new Error(`${PYTHON} failed: ${failure}`);
  return JSON.parse(printed.trim().split('\n').at(-1)!) as T;
}
