// `node test/failure/rights/tried.ts`: writes infra/tried.json, which says of each grant what fails without it, and which test takes it away.
import { writeFileSync } from 'node:fs';
import { genericName, ownParts, type OwnPart } from '../../../infra/generic-names.ts';
import type { TriedGrants } from '../../../infra/described.ts';
import { bikes } from '../../../pipelines/bikes.ts';
import { carmila } from '../../../pipelines/carmila.ts';
import { forecastWhatIf } from '../../../pipelines/forecast-what-if.ts';
import { worksOf } from './functions/predict-bikes.ts';
import { BUCKET, FROST, FROST_JOB } from './frost/setup.ts';
import { FROST_WORKS } from './frost/works.ts';
import { REQUEST_WORKS } from './requests/works.ts';
import type { Work } from './work.ts';
import { WORKS } from './works.ts';

/** The pipeline of a copy of the tree, which this tree does not define. */
const OF_FROST: readonly OwnPart[] = [
  [FROST_JOB, '<job>'],
  [BUCKET, '<source>'],
  [`${FROST}-job`, '<pipeline>-job'],
  [FROST, '<pipeline>'],
];

interface Tried {
  readonly test: string;
  readonly works: readonly Pick<Work, 'what' | 'needs'>[];
  readonly parts: readonly OwnPart[];
}

const TRIED: readonly Tried[] = [
  { test: 'least-privilege.test.ts', works: WORKS, parts: ownParts(carmila) },
  { test: 'least-privilege-of-buckets.test.ts', works: FROST_WORKS, parts: OF_FROST },
  {
    test: 'least-privilege-of-requests.test.ts',
    works: REQUEST_WORKS,
    parts: [...ownParts(forecastWhatIf), ...ownParts(carmila)],
  },
  {
    test: 'least-privilege-of-services.test.ts',
    works: (['reg', 'class'] as const).flatMap(worksOf),
    parts: ownParts(bikes),
  },
];

/** Of two works that need a grant the first one stands; sorted, so that the file changes only with what it says. */
export function triedGrants(): TriedGrants {
  const found = new Map<string, TriedGrants[string]>();
  for (const { test, works, parts } of TRIED)
    for (const { what, needs } of works)
      for (const need of needs) {
        const name = genericName(need, parts);
        if (!found.has(name)) found.set(name, { work: what, test: `test/failure/${test}` });
      }
  return Object.fromEntries([...found].toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

export const TRIED_FILE = new URL('../../../infra/tried.json', import.meta.url);
export const triedText = (): string => `${JSON.stringify(triedGrants(), undefined, 2)}\n`;

if (import.meta.main) writeFileSync(TRIED_FILE, triedText());
