// Goes through a turn of the year as the pipeline does: a run for each state of the folder, judged by the gate.
import type { Engine, Origin } from '../../../jobs/forecast/engine/engine.ts';
import { dayCount, isoDateOf, type Day, type Panel } from '../../../jobs/forecast/series/panel.ts';
import type { Summary } from '../../../shared/warehouse/gate.ts';
import type { Verdict } from '../../../shared/warehouse/verdict.ts';
import { folderOf } from './panel-folder.ts';
import { judged, summaryOfJob } from './run-job.ts';

/** Makes a bad engine of a good one. */
export type Plant = (engine: Engine) => Engine;

export interface JudgedState {
  /** The last day with values in the state of the folder. */
  readonly lastDay: Day;
  readonly summary: Summary;
  /** Against the state before; undefined for the first, which has none. */
  readonly verdict: Verdict | undefined;
  /** What the gate says of each planted engine in the good one's place. */
  readonly planted: readonly (Verdict & { readonly name: string })[];
}

/** The good run of each state is published; the planted runs are only judged. */
export async function* judgeStates(
  panel: Panel,
  lastDays: readonly Day[],
  engine: Engine,
  planted: Readonly<Record<string, Engine>>,
): AsyncGenerator<JudgedState> {
  let published: Summary | undefined;
  for (const lastDay of lastDays) {
    const files = [...folderOf(panel, lastDay)];
    const now = `${isoDateOf(lastDay + 1)}T08:00:00Z`;
    const summary = await summaryOfJob(files, engine, now);
    const verdicts = [];
    for (const [name, bad] of Object.entries(planted)) {
      if (published === undefined) continue;
      verdicts.push({ name, ...judged(published, await summaryOfJob(files, bad, now)) });
    }
    yield { lastDay, summary, verdict: published && judged(published, summary), planted: verdicts };
    published = summary;
  }
}

/** Everything half as much again. */
export const tooHigh: Plant = planting(({ predictions }) =>
  predictions.map((value) => Math.round(value * 1.5)),
);

/** Each day is forecast as the day after it. */
export const wrongWeekday: Plant = planting(({ days, predictions }) =>
  predictions.map((value, at) => (at % days === days - 1 ? value : (predictions[at + 1] ?? 0))),
);

function planting(change: (origin: Origin) => Int32Array): Plant {
  return (engine) => ({
    name: engine.name,
    async forecast(request) {
      const { walk, metrics } = await engine.forecast(request);
      return { walk: walk.map((origin) => ({ ...origin, predictions: change(origin) })), metrics };
    },
  });
}

/** So many sites of the panel, spread evenly over its list, from a day on. */
export function someOf(panel: Panel, sites: number, firstDay: Day): Panel {
  const chosen = Array.from({ length: sites }, (_, index) =>
    Math.floor((index * panel.sites.length) / sites),
  );
  const kept = panel.lastDay - firstDay + 1;
  const visits = new Float64Array(sites * kept);
  chosen.forEach((site, row) => {
    const end = (site + 1) * dayCount(panel);
    visits.set(panel.visits.subarray(end - kept, end), row * kept);
  });
  return {
    sites: chosen.map((site) => panel.sites[site]!),
    firstDay,
    lastDay: panel.lastDay,
    visits,
    openings: { ...panel.openings, exception: (row, day) => panel.openings.exception(chosen[row]!, day) },
  };
}
