// Times for readers: in the pipeline's time zone, without a zone in every cell.
import type { Pipeline } from '../shared/pipelines/pipeline.ts';

export const zoneOf = ({ timeZone = 'UTC' }: Pipeline): string => timeZone;

/** `2026-11-26 21:25:43` in the pipeline's zone; the empty text where there is no time. */
export function localTime(pipeline: Pipeline, iso: string | null | undefined): string {
  if (iso === null || iso === undefined || iso === '') return '';
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zoneOf(pipeline),
    dateStyle: 'short',
    timeStyle: 'medium',
  });
  return format.format(new Date(iso));
}

/** The same with the zone beside it, for a time that stands alone. */
export function timeWithZone(pipeline: Pipeline, iso: string | null | undefined): string {
  const time = localTime(pipeline, iso);
  return time === '' ? '' : `${time} (${zoneOf(pipeline)})`;
}
