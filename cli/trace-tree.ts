// A trace as a tree for people: what is part of what, when it began, how long it took, and what failed.
import { counted } from '../shared/counted.ts';
import { createColors } from 'picocolors';
import type { Span } from '../local/trace/span.ts';
import { Drawn, visible } from './terminal.ts';
import { branchesOf, type Branch } from './trace-branches.ts';

const WIDTHS = { name: 44, component: 16, time: 9, bar: 32 };
// What stands beside the name and the bar: the component, two times, and the blanks between them.
const BESIDE = 1 + WIDTHS.component + WIDTHS.time + 1 + WIDTHS.time + 2;
const SHORTEST_BAR = 12;
const WIDE_ENOUGH = BESIDE + WIDTHS.name + WIDTHS.bar;
const FAILED = ' ✖';
const LONGEST_FAILURE = 160;

/**
 * `isColourful`: on a terminal. The bars share one scale, from the first beginning to the last end; a terminal that is
 * too narrow for them shows the times alone.
 */
export function traceText(
  title: string,
  spans: readonly Span[],
  isColourful: boolean,
  width = Infinity,
): Drawn {
  const colours = createColors(isColourful);
  const nameWidth = Math.min(WIDTHS.name, Math.max(1, width - BESIDE - FAILED.length));
  const barWidth = barWidthIn(width);
  const fromMs = Math.min(...spans.map(({ startMs }) => startMs));
  const untilMs = Math.max(...spans.map(({ endMs }) => endMs));

  const lineOf = (branch: Branch, indent: string, tail: string): string => {
    const { span, startMs, endMs } = branch;
    const name = shortened(`${indent}${visible(labelOf(branch))}`, nameWidth).padEnd(nameWidth);
    const times = [startMs - fromMs, endMs - startMs].map((ms) => seconds(ms).padStart(WIDTHS.time));
    const bar = barOf([startMs - fromMs, endMs - fromMs], untilMs - fromMs, barWidth).padEnd(barWidth);
    const mark = span.failure === undefined ? '' : ` ${colours.red('✖')}`;
    const paint = span.failure === undefined ? colours.cyan : colours.red;
    const outcome = visible(outcomeOf(span));
    const isWide = width >= WIDE_ENOUGH + FAILED.length + outcome.length;
    const line = `${name} ${colours.dim(visible(span.component).padEnd(WIDTHS.component))}${times.join(' ')}  ${paint(bar)}${mark}${isWide ? outcome : ''}`;
    const why =
      span.failure === undefined
        ? []
        : [`${tail}   ${colours.red(shortened(visible(span.failure), LONGEST_FAILURE))}`];
    const below = isWide || outcome === '' ? [] : [`${tail}  ${outcome}`];
    return [line.trimEnd(), ...below, ...why].join('\n');
  };
  const linesOf = (branch: Branch, indent: string, tail: string): string[] => [
    lineOf(branch, indent, tail),
    ...branch.branches.flatMap((next, index) => {
      const isLast = index === branch.branches.length - 1;
      return linesOf(next, `${tail}${isLast ? '└ ' : '├ '}`, `${tail}${isLast ? '  ' : '│ '}`);
    }),
  ];
  const lines = branchesOf(spans).flatMap((branch) => linesOf(branch, '', ''));
  return new Drawn([colours.bold(visible(title)), ...lines].join('\n'));
}

/** A span's distinguishing attributes, where several of one name are siblings. */
function labelOf({ span, count }: Branch): string {
  if (count > 1) return `${span.name} × ${count}`;
  const message = ['sluice.table', 'sluice.file', 'sluice.week', 'sluice.replay'].map(
    (key) => span.attributes[key],
  );
  const attempt = span.attributes['sluice.attempt'];
  const which = span.name === 'execute' && attempt !== undefined ? `attempt ${attempt}` : undefined;
  return [span.name, ...message, which].filter((word) => word !== undefined).join(' ');
}

const outcomeOf = ({ attributes }: Span): string => {
  const outcome = attributes['sluice.outcome'];
  const rows = attributes['sluice.rows'];
  return outcome === undefined
    ? ''
    : ` ${outcome}${rows === undefined ? '' : `, ${counted(Number(rows), 'row')}`}`;
};

const seconds = (ms: number): string => `${(ms / 1000).toFixed(3)} s`;

function barWidthIn(width: number): number {
  const left = Math.min(WIDTHS.bar, width - BESIDE - WIDTHS.name - FAILED.length);
  return left < SHORTEST_BAR ? 0 : left;
}

/** At least one cell, so that what took no time is seen as well. */
function barOf([fromMs, untilMs]: readonly [number, number], wholeMs: number, width: number): string {
  if (width === 0) return '';
  const cell = (ms: number) => (wholeMs === 0 ? 0 : Math.round((width * ms) / wholeMs));
  const from = Math.min(width - 1, cell(fromMs));
  return `${' '.repeat(from)}${'█'.repeat(Math.max(1, cell(untilMs) - from))}`;
}

const shortened = (text: string, longest: number): string => {
  const [line = ''] = text.split('\n');
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
};
