// Where the nodes and edges of the map stand, in the units of its picture: pure.
import type { DescribedEdge, DescribedNode } from '../../../shared/functions/described.ts';
import { layered } from './layers.ts';
import { straightened } from './straightened.ts';

export interface Box {
  readonly node: DescribedNode;
  readonly x: number;
  readonly y: number;
  readonly lines: readonly string[];
}

export interface Line {
  readonly edge: DescribedEdge;
  /** As `d` of a path. */
  readonly path: string;
}

export interface Placed {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
  readonly lines: readonly Line[];
}

export const BOX = { width: 150, height: 44 } as const;
const ROW = 90;
const GAP = 18;
const BEND_WIDTH = 8;
const MARGIN = 14;
const CHARACTERS = 19;

export function placed(nodes: readonly DescribedNode[], edges: readonly DescribedEdge[]): Placed {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const drawn = edges.filter(({ from, to }) => from !== to && byId.has(from) && byId.has(to));
  const { layers, chains } = layered({ nodes: [...byId.keys()], edges: drawn });
  const widthOf = (id: string): number => (byId.has(id) ? BOX.width : BEND_WIDTH);
  const middles = straightened(layers, chains, { widthOf, gap: GAP });
  const left = Math.min(...[...middles].map(([id, x]) => x - widthOf(id) / 2), 0);
  const right = Math.max(...[...middles].map(([id, x]) => x + widthOf(id) / 2), BOX.width);
  const xOf = (id: string): number => (middles.get(id) ?? 0) - left + MARGIN;
  const rows = new Map(layers.flatMap((layer, row) => layer.map((id) => [id, row] as const)));
  const yOf = (id: string): number => MARGIN + (rows.get(id) ?? 0) * ROW;
  return {
    width: Math.ceil(right - left + 2 * MARGIN),
    height: 2 * MARGIN + Math.max(0, layers.length - 1) * ROW + BOX.height,
    boxes: nodes.map((node) => ({
      node,
      lines: linesOf(node.name),
      x: Math.round(xOf(node.id) - BOX.width / 2),
      y: yOf(node.id),
    })),
    lines: drawn.map((edge, at) => ({
      edge,
      path: pathOf((chains[at] ?? []).map((id) => ({ x: xOf(id), top: yOf(id) }))),
    })),
  };
}

/** A name in at most two lines, broken at a dash; what is longer is cut. */
export function linesOf(name: string): readonly string[] {
  if (name.length <= CHARACTERS) return [name];
  const dash = name.lastIndexOf('-', CHARACTERS - 1);
  const end = dash > 0 ? dash + 1 : CHARACTERS;
  const rest = name.slice(end);
  return [name.slice(0, end), rest.length > CHARACTERS ? `${rest.slice(0, CHARACTERS - 1)}…` : rest];
}

interface Point {
  readonly x: number;
  readonly top: number;
}

/** From the side of a box that faces the next layer, straight through each bend, to the facing side of the other box. */
function pathOf(points: readonly Point[]): string {
  const [first, ...others] = points;
  if (first === undefined) return '';
  const isDown = (others[0]?.top ?? 0) > first.top;
  const leave = (top: number) => (isDown ? top + BOX.height : top);
  const arrive = (top: number) => (isDown ? top : top + BOX.height);
  let [x, y] = [first.x, leave(first.top)];
  const parts = others.map((point, at) => {
    const end = arrive(point.top);
    const middle = (y + end) / 2;
    const curve = `C${xy(x, middle)} ${xy(point.x, middle)} ${xy(point.x, end)}`;
    const isBend = at < others.length - 1;
    [x, y] = [point.x, isBend ? leave(point.top) : end];
    return isBend ? `${curve} L${xy(x, y)}` : curve;
  });
  return `M${xy(first.x, leave(first.top))} ${parts.join(' ')}`;
}

const xy = (x: number, y: number): string => `${Math.round(x)},${Math.round(y)}`;
