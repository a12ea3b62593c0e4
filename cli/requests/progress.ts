// The progress of a job while a command waits for it: one line that is drawn over itself on a terminal, or a line for each change.
import { createLogUpdate } from 'log-update';
import type { Job } from '../../shared/api/schemas.ts';
import { visibleLine, writeLine } from '../terminal.ts';
import { stateOf } from './shown.ts';

export interface Progress {
  show(job: Job): void;
  close(): void;
}

const REDRAW_MS = 1_000;

export const progressOn = (output: NodeJS.WriteStream, now: () => number): Progress =>
  output.isTTY ? liveOn(output, now) : linesOn(output);

function liveOn(output: NodeJS.WriteStream, now: () => number): Progress {
  const draw = createLogUpdate(output);
  let shown: Job | undefined;
  const redraw = (): void => {
    if (shown !== undefined) draw(`${visibleLine(stateOf(shown))} · ${secondsIn(shown, now())} s`);
  };
  const timer = setInterval(redraw, REDRAW_MS);
  timer.unref();
  return {
    show(job) {
      shown = job;
      redraw();
    },
    close() {
      clearInterval(timer);
      draw.done();
    },
  };
}

function linesOn(output: NodeJS.WriteStream): Progress {
  let before = '';
  return {
    show(job) {
      const text = stateOf(job);
      if (text === before) return;
      before = text;
      const at = job.history.at(-1)?.at ?? job.accepted_at;
      writeLine(output, `${at.slice(11, 19)}  ${visibleLine(text)}`);
    },
    close: () => undefined,
  };
}

/** In the state that it has. */
const secondsIn = ({ history, accepted_at }: Job, nowMs: number): number =>
  Math.max(0, Math.round((nowMs - Date.parse(history.at(-1)?.at ?? accepted_at)) / 1000));
