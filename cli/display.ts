// Shows work as it happens: a live picture on a terminal, plain lines anywhere else.
import { createLogUpdate } from 'log-update';
import pc from 'picocolors';
import { z } from 'zod';
import type { Step } from './steps.ts';
import { Drawn, visible, visibleLine, writeLine } from './terminal.ts';

export interface Display {
  /** A log line of a function or a job. */
  log(from: string, text: string): void;
  /** The run's progress; called often, drawn when it has changed. */
  steps(steps: readonly Step[]): void;
  note(text: string | Drawn): void;
  /** The job's last word on its progress, `week 3 of 26`. */
  readonly progress: string;
  /** The last error that a function logged, for a reason where no run was recorded. */
  readonly lastError: string | undefined;
  close(): void;
}

const spoken = z.object({
  severity: z.string().optional(),
  message: z.string().optional(),
  progress: z
    .object({ done: z.number().nonnegative(), total: z.number().nonnegative(), what: z.string() })
    .optional(),
});
type Spoken = z.infer<typeof spoken>;

const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 100;
// The log files have an error's stack; here its sentence is enough.
const STACK_LINE = /^\s+at /;
const BAR_WIDTH = 24;

export function createDisplay(output: NodeJS.WriteStream): Display {
  return output.isTTY ? new LiveDisplay(output) : new PlainDisplay(output);
}

abstract class Listening {
  protected closed = false;
  progress = '';
  lastError: string | undefined;

  log(from: string, text: string): void {
    if (this.closed || STACK_LINE.test(text)) return;
    const { progress, severity, message } = parse(text);
    if (progress !== undefined)
      this.progress = this.drawProgress({ ...progress, what: visibleLine(progress.what) });
    if (severity === 'ERROR') this.lastError = message;
    if (message !== undefined) this.message(visible(from), visibleLine(message), severity);
  }

  protected drawProgress({ done, total, what }: NonNullable<Spoken['progress']>): string {
    return `${what} ${done} of ${total}`;
  }

  /** Both texts can be printed as they are. */
  protected abstract message(from: string, message: string, severity: string | undefined): void;
}

/** A line for every word and every change; nothing is drawn over. */
class PlainDisplay extends Listening implements Display {
  readonly #output: NodeJS.WriteStream;
  #drawn = new Map<string, string>();

  constructor(output: NodeJS.WriteStream) {
    super();
    this.#output = output;
  }

  steps(steps: readonly Step[]): void {
    const run = steps[0]?.detail ?? '';
    for (const { name, state } of steps) {
      const key = `${run} ${name}`;
      if (state === 'waiting' || this.#drawn.get(key) === state) continue;
      this.#drawn.set(key, state);
      this.note(`${run}  ${name.padEnd(8)} ${state}`);
    }
  }

  note(text: string | Drawn): void {
    const drawn = text instanceof Drawn ? text.text : visibleLine(text);
    writeLine(this.#output, new Drawn(`${new Date().toISOString().slice(11, 19)}  ${drawn}`));
  }

  close(): void {
    this.closed = true;
  }

  protected message(from: string, message: string, severity: string | undefined): void {
    this.note(
      `${from.padEnd(16)} ${severity === 'INFO' || severity === undefined ? '' : `${severity} `}${message}`,
    );
  }
}

/** The run's four steps, drawn over themselves, with the last words below. */
class LiveDisplay extends Listening implements Display {
  readonly #output: NodeJS.WriteStream;
  readonly #draw: ReturnType<typeof createLogUpdate>;
  readonly #timer: NodeJS.Timeout;
  #steps: readonly Step[] = [];
  #words: string[] = [];
  #frame = 0;

  constructor(output: NodeJS.WriteStream) {
    super();
    this.#output = output;
    this.#draw = createLogUpdate(output);
    this.#timer = setInterval(() => this.#redraw(), FRAME_MS);
    this.#timer.unref();
  }

  steps(steps: readonly Step[]): void {
    this.#steps = steps;
  }

  note(text: string | Drawn): void {
    // Not through log-update, which breaks lines: a command in two lines cannot be pasted.
    this.#draw.clear();
    writeLine(this.#output, text);
  }

  close(): void {
    this.closed = true;
    clearInterval(this.#timer);
    this.#redraw();
    this.#draw.done();
  }

  protected override drawProgress({ done, total, what }: NonNullable<Spoken['progress']>): string {
    const filled = Math.round(BAR_WIDTH * Math.min(1, done / Math.max(total, 1)));
    return `${what} ${pc.cyan('█'.repeat(filled))}${pc.dim('░'.repeat(BAR_WIDTH - filled))} ${done} of ${total}`;
  }

  protected message(from: string, message: string, severity: string | undefined): void {
    const colour = severity === 'ERROR' ? pc.red : severity === 'WARNING' ? pc.yellow : pc.dim;
    this.#words = [...this.#words.slice(-2), colour(`${from}: ${message}`)];
  }

  #redraw(): void {
    this.#frame++;
    const lines = this.#steps.map((step) => `${this.#mark(step)} ${step.name.padEnd(8)} ${step.detail}`);
    this.#draw([...lines, ...this.#words].join('\n'));
  }

  #mark({ state }: Step): string {
    switch (state) {
      case 'done':
        return pc.green('✔');
      case 'failed':
        return pc.red('✖');
      case 'under way':
        return pc.cyan(SPINNER[this.#frame % SPINNER.length] ?? '');
      case 'waiting':
        return pc.dim('·');
    }
  }
}

// What a process writes may be anything; only structured lines are taken apart.
function parse(text: string): Spoken {
  try {
    return spoken.parse(JSON.parse(text));
  } catch {
    // Neither JSON nor a line of the log: shown as it is.
    return { message: text };
  }
}
