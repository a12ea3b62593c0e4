// The layout of the map: nothing overlaps, edges lead down where no circle forbids it, and the same graph is the same picture.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { layered } from '../../../functions/console/map/layers.ts';
import { around, bounded, MOST_DRAWN, overview } from '../../../functions/console/map/overview.ts';
import { BOX, linesOf, placed } from '../../../functions/console/map/placed.ts';
import type { Described, DescribedEdge, DescribedNode } from '../../../shared/functions/described.ts';

const node = (id: string): DescribedNode => ({
  ...{ id, kind: id.split(' ')[0] as DescribedNode['kind'], name: id.split(' ')[1] ?? id },
  ...{ purpose: '', folder: null, pipelines: null },
});
const edge = (from: string, to: string, flow: DescribedEdge['flow'] = 'calls'): DescribedEdge => ({
  ...{ from, to, flow, pipelines: null },
});

/** Seeded, so that a failure is seen again. */
function randomGraph(seed: number, count: number) {
  let state = seed;
  const next = () => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
  const nodes = Array.from({ length: count }, (_, at) => node(`function n${at}`));
  const edges = Array.from({ length: count * 2 }, () => {
    const [from, to] = [Math.floor(next() * count), Math.floor(next() * count)];
    return edge(`function n${from}`, `function n${to}`);
  });
  return { nodes, edges };
}

describe('layers', () => {
  test('lead down; an edge that closes a circle leads up, and a long edge has a place in each layer', () => {
    const { layers, chains } = layered({
      nodes: ['a', 'b', 'c', 'd'],
      edges: [
        { from: 'a', to: 'b' },
        { from: 'b', to: 'c' },
        { from: 'c', to: 'a' },
        { from: 'a', to: 'd' },
        { from: 'c', to: 'd' },
      ],
    });
    const rowOf = (id: string | undefined) => layers.findIndex((layer) => layer.includes(id ?? ''));
    assert.deepEqual(['a', 'b', 'c', 'd'].map(rowOf), [0, 1, 2, 3]);
    assert.deepEqual(
      chains.map((chain) => chain.map(rowOf)),
      [
        [0, 1],
        [1, 2],
        [2, 1, 0],
        [0, 1, 2, 3],
        [2, 3],
      ],
    );
  });

  test('a node that nothing leads to stands just above what it leads to', () => {
    const { layers } = layered({
      nodes: ['a', 'b', 'c', 'late'],
      edges: [
        { from: 'a', to: 'b' },
        { from: 'b', to: 'c' },
        { from: 'late', to: 'c' },
      ],
    });
    assert.deepEqual(
      layers.map((layer) => layer.toSorted()),
      [['a'], ['b', 'late'], ['c']],
    );
  });
});

describe('a picture', () => {
  test('of any graph has every box once, none over another, within its bounds, and one line for each edge', () => {
    for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
      const { nodes, edges } = randomGraph(seed, 4 + seed * 4);
      const { boxes, lines, width, height } = placed(nodes, edges);
      assert.equal(boxes.length, nodes.length);
      assert.equal(lines.length, edges.filter(({ from, to }) => from !== to).length, `seed ${seed}`);
      for (const [at, one] of boxes.entries()) {
        assert.ok(one.x >= 0 && one.x + BOX.width <= width && one.y + BOX.height <= height, `seed ${seed}`);
        for (const other of boxes.slice(at + 1))
          assert.ok(
            Math.abs(one.x - other.x) >= BOX.width || Math.abs(one.y - other.y) >= BOX.height,
            `seed ${seed}: ${one.node.id} over ${other.node.id}`,
          );
      }
      for (const { path } of lines) assert.match(path, /^M-?\d+,-?\d+( [CL](-?\d+,-?\d+ ?)+)+$/);
      assert.deepEqual(placed(nodes, edges), placed(nodes, edges));
    }
  });

  test('of nothing, and of one node, is a picture', () => {
    assert.ok(placed([], []).width > 0);
    assert.equal(placed([node('bucket runs')], []).boxes.length, 1);
  });

  test('breaks a name at a dash, and cuts what is too long', () => {
    assert.deepEqual(linesOf('start-run'), ['start-run']);
    assert.deepEqual(linesOf('forecast-what-if-forecast'), ['forecast-what-if-', 'forecast']);
    assert.deepEqual(
      linesOf('x'.repeat(100)).map(({ length }) => length),
      [19, 19],
    );
  });
});

const MESH: Described = {
  nodes: [
    'outside operators',
    'function a',
    'topic t',
    'function publish-output',
    'bucket runs',
    'dataset d',
  ].map(node),
  edges: [
    edge('function a', 'topic t', 'publishes'),
    edge('topic t', 'function publish-output', 'delivers'),
    edge('function publish-output', 'dataset d', 'writes'),
    edge('function a', 'bucket runs', 'writes'),
    edge('outside operators', 'dataset d', 'writes'),
  ],
  grants: [],
};

test('the whole shows what moves a run, and a node all that it touches', () => {
  const idsOf = ({ nodes }: Pick<Described, 'nodes'>) => nodes.map(({ id }) => id);
  assert.deepEqual(idsOf(overview(MESH)), ['function a', 'topic t', 'function publish-output', 'dataset d']);
  assert.deepEqual(idsOf(around(MESH, 'bucket runs')), ['function a', 'bucket runs']);
  assert.deepEqual(idsOf(around(MESH, 'dataset d')), [
    'outside operators',
    'function publish-output',
    'dataset d',
  ]);
});

test('a picture is bounded, and has no line to what it leaves out', () => {
  const { nodes, edges } = randomGraph(9, MOST_DRAWN + 40);
  const shown = bounded({ nodes, edges });
  assert.deepEqual([shown.nodes.length, shown.isPart], [MOST_DRAWN, true]);
  const ids = new Set(shown.nodes.map(({ id }) => id));
  assert.ok(shown.edges.every(({ from, to }) => ids.has(from) && ids.has(to)));
  assert.equal(bounded(MESH).isPart, false);
});
