// Parts that several screens show alike: a state with its sign, and where a number comes from.
import { html, NOTHING, type Html } from '../../shared/page/html.ts';
import type { Pipeline } from '../../shared/pipelines/pipeline.ts';
import type { Condition, Standing } from './reading/standing.ts';
import { spoken, type View } from './view.ts';

export type Tone = 'good' | 'bad' | 'busy' | 'wait';

const OF_CONDITION: Readonly<Record<Condition, Tone>> = {
  failed: 'bad',
  overdue: 'bad',
  held: 'wait',
  paused: 'wait',
  waiting: 'wait',
  stale: 'wait',
  running: 'busy',
  queued: 'busy',
  never: 'wait',
  fresh: 'good',
};

const OF_STATUS: Readonly<Record<string, Tone>> = {
  published: 'good',
  running: 'busy',
  requested: 'busy',
  queued: 'busy',
  failed: 'bad',
  quarantined: 'bad',
  'dead-lettered': 'bad',
};

/** A sign and a word: the colour alone means nothing. */
export const stateShown = (tone: Tone, text: string): Html =>
  html`<span class="state ${tone}">${text}</span>`;

export const conditionShown = (condition: Condition, { words }: View): Html =>
  stateShown(OF_CONDITION[condition], words.conditions[condition]);

/** A pause that something more urgent stands before, such as a run that failed; `condition`: null on the page of a run. */
export function pauseShown(
  { condition, paused }: { readonly condition: Condition | null; readonly paused: Standing['paused'] },
  pipeline: Pipeline | undefined,
  view: View,
): Html {
  if (paused === null || condition === 'paused') return NOTHING;
  const { by, reason, at } = paused;
  return html`<p>
    ${conditionShown('paused', view)} ${view.words.sentences.paused} ${spoken(`${by}: ${reason}`)},
    ${view.time(at, pipeline)}
  </p>`;
}

/** Statuses are words of the mesh: logs, the terminal and the runbook have the same. */
export const statusShown = (status: string): Html => stateShown(OF_STATUS[status] ?? 'wait', status);

export interface Origin {
  /** `gs://bucket/object`, with its generation where it is known. */
  readonly objects?: readonly string[];
  readonly query?: string;
  readonly line?: string;
}

/** Where a number or a state comes from, so that a reader who doubts it can look. */
export function why({ objects = [], query, line }: Origin, { words }: View): Html {
  return html`<details class="why">
    <summary>${words.why}</summary>
    ${
      objects.length === 0
        ? ''
        : html`<p>${words.whyObject}</p>
            <pre tabindex="0">${objects.join('\n')}</pre>`
    }
    ${
      query === undefined
        ? ''
        : html`<p>${words.whyQuery}</p>
            <pre tabindex="0">${query}</pre>`
    }
    ${
      line === undefined
        ? ''
        : html`<p>${words.whyCommand}</p>
            <pre tabindex="0">${line}</pre>`
    }
  </details>`;
}
