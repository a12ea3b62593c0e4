// One training by a job's library and by Python's: same matrix, same settings, taken in turns.
import { fileURLToPath } from 'node:url';
import { medianOf, type Measure, type Skipped } from '../measure.ts';
import { lastLineOf } from './child.ts';
import { writeTraining, type Training } from './matrix.ts';

const REPEATS = 3;
// Debian's own package is for Debian's own interpreter, even where another is first on the path.
const PYTHON = '/usr/bin/python3';
const TYPESCRIPT_PROGRAM = fileURLToPath(new URL('./train.ts', import.meta.url));
const PYTHON_PROGRAM = fileURLToPath(new URL('./train.py', import.meta.url));

interface Trained {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly digest: string;
  readonly version: string;
}

export async function trainInTurns(
  folder: string,
  training: Training,
  progress: (what: string) => void,
): Promise<readonly Measure[] | Skipped> {
  const version = await pythonVersion();
  if (version === undefined)
    return { skipped: `${PYTHON} has no xgboost: apt-get install python3-xgboost installs it` };
  writeTraining(folder, training);
  const { rows, columns } = training.block;

  const [ours, theirs]: [Trained[], Trained[]] = [[], []];
  for (let repeat = 1; repeat <= REPEATS; repeat++) {
    progress(`training ${training.trees} trees on ${rows} × ${columns}: ${repeat} of ${REPEATS}, in turns`);
    ours.push((await lastLineOf(process.execPath, [TYPESCRIPT_PROGRAM, folder])) as Trained);
    theirs.push((await lastLineOf(PYTHON, [PYTHON_PROGRAM, folder])) as Trained);
  }
  const digests = new Set([...ours, ...theirs].map(({ digest }) => digest));
  const same = digests.size === 1 ? 'the same trees' : 'NOT the same trees';
  const median = (of: readonly Trained[], what: 'seconds' | 'cpuSeconds') =>
    medianOf(of.map((trained) => trained[what]));
  const floor = (what: 'seconds' | 'cpuSeconds') => ({
    name: `Python ${version}`,
    value: median(theirs, what),
  });
  const goal = { most: 1.05, of: 'ratio' } as const;
  return [
    {
      name: 'training one model',
      value: median(ours, 'seconds'),
      unit: 's',
      floor: floor('seconds'),
      goal,
      note: `${training.trees} trees on ${rows} × ${columns}, ${same}; median of ${REPEATS}`,
    },
    {
      name: 'training one model, CPU',
      value: median(ours, 'cpuSeconds'),
      unit: 's',
      floor: floor('cpuSeconds'),
      goal,
      note: 'one thread: what other work on the machine hardly changes',
    },
  ];
}

async function pythonVersion(): Promise<string | undefined> {
  const message = lastLineOf(PYTHON, ['-c', 'import xgboost; print(f\'"{xgboost.__version__}"\')']);
  return message.then(String, () => undefined);
}
