// The worlds that are simulated, each loaded when it is named: a planted bug must be there before its file is loaded.
import type { Bug } from './plant.ts';
import type { SeedResult } from './seed.ts';
import type { Wiring } from './wiring.ts';

export const WORLDS = ['watch', 'requests'] as const;
export type WorldName = (typeof WORLDS)[number];

export interface World {
  /** Reads the wiring off the infra program. */
  readonly plan: () => Promise<Wiring>;
  readonly liveThrough: (life: {
    readonly seed: number;
    readonly wiring: Wiring;
    readonly without?: ReadonlySet<string>;
    readonly trace?: (line: string) => void;
  }) => Promise<SeedResult>;
  readonly bugs: readonly Bug[];
}

export async function worldNamed(name: WorldName): Promise<World> {
  const { planWiring } = await import('./wiring.ts');
  if (name === 'watch') {
    const [{ liveThrough }, { BUGS }] = await Promise.all([import('./seed.ts'), import('./bugs.ts')]);
    return { plan: () => planWiring(), liveThrough, bugs: BUGS };
  }
  const [{ liveThroughRequests }, { REQUESTS_BUGS }, { stack }] = await Promise.all([
    import('./requests/seed.ts'),
    import('./requests/bugs.ts'),
    import('./requests/sample.ts'),
  ]);
  return { plan: () => planWiring(stack), liveThrough: liveThroughRequests, bugs: REQUESTS_BUGS };
}
