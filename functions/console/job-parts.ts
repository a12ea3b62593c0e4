// Parts that the screens of requested runs show alike: states, links to runs and owners, estimates.
import type { JobState } from '../../shared/api/schemas.ts';
import { html, type Html } from '../../shared/page/html.ts';
import { stateShown, type Tone } from './parts.ts';
import type { JobRow } from './reading/jobs.ts';
import type { Requests } from './reading/requests.ts';
import type { Params, View } from './view.ts';

const TONES: Readonly<Record<JobState, Tone>> = {
  'waiting-approval': 'wait',
  queued: 'busy',
  starting: 'busy',
  running: 'busy',
  cancelling: 'wait',
  succeeded: 'good',
  failed: 'bad',
  cancelled: 'wait',
  expired: 'bad',
  rejected: 'wait',
  held: 'wait',
};

/** States are words of the API: logs and the terminal have the same. */
export const jobStateShown = (state: JobState): Html => stateShown(TONES[state], state);

export const kept = ({ filters: { owner, state, day } }: Requests): Params => ({
  owner: owner ?? undefined,
  state: state ?? undefined,
  day: day ?? undefined,
});

/** Hashes are long: their start tells runs apart, and the link has the whole. */
const SHOWN_OF_KEY = 26;
export const runLink = (pipeline: string, run: string, view: View): Html =>
  view.link(`/p/${pipeline}/runs/${run}`, html`<code>${run.slice(0, SHOWN_OF_KEY)}…</code>`);

export const ownerLink = (pipeline: string, owner: string, view: View): Html =>
  view.link(`/p/${pipeline}`, html`<code>${owner}</code>`, { owner });

/** What is expected or, without history, at most. */
export const estimateShown = (
  { expected, high }: Pick<JobRow['estimate'], 'expected' | 'high'>,
  money: (amount: number) => string,
): string => (expected === null ? `≤ ${money(high)}` : money(expected));
