// What the map shows: by default what moves a run from its source to its readers; of one node, all that it touches. Pure.
import type { Described, DescribedEdge, Flow } from '../../../shared/functions/described.ts';

type Shown = Pick<Described, 'nodes' | 'edges'>;

const MOVING: readonly Flow[] = ['watches', 'calls', 'publishes', 'delivers', 'notifies', 'starts'];
/** Where a run's output goes on its way. The other buckets are read and written by almost everything. */
const ON_THE_WAY = /^(bucket (results|exports)|dataset .+)$/;
const SERVICE_CALLERS = 'outside service callers';

/** Nodes that nothing moves through are in the list alone. */
export function overview({ nodes, edges }: Described): Shown {
  const services = new Set(edges.filter(({ from }) => from === SERVICE_CALLERS).map(({ to }) => to));
  const shown = edges.filter((edge) => isMoving(edge, services));
  return { nodes: sourcesFirst(touched(nodes, shown)), edges: shown };
}

/** A run begins with its source, and so does the picture. */
const sourcesFirst = (nodes: Described['nodes']): Described['nodes'] =>
  nodes.toSorted((one, other) => Number(other.kind === 'source') - Number(one.kind === 'source'));

function isMoving({ from, to, flow }: DescribedEdge, services: ReadonlySet<string>): boolean {
  // Commands publish a dead letter again to the topic that it came from.
  if (from === 'function handle-commands' && flow === 'publishes') return to === 'topic load-requested';
  if (MOVING.includes(flow)) return true;
  if (flow === 'writes') return ON_THE_WAY.test(to) && /^(job |function publish-output$)/.test(from);
  return flow === 'reads' && services.has(to);
}

/** The node, its neighbours, and every edge between it and them. */
export function around({ nodes, edges }: Described, id: string): Shown {
  const own = edges.filter(({ from, to }) => from === id || to === id);
  const shown = touched(nodes, own);
  return { nodes: shown.length > 0 ? shown : nodes.filter((node) => node.id === id), edges: own };
}

function touched(nodes: Described['nodes'], edges: readonly DescribedEdge[]): Described['nodes'] {
  const ids = new Set(edges.flatMap(({ from, to }) => [from, to]));
  return nodes.filter(({ id }) => ids.has(id));
}

/** A picture with more boxes than this shows nothing: the list has them all. */
export const MOST_DRAWN = 60;

export const bounded = ({ nodes, edges }: Shown): Shown & { readonly isPart: boolean } => {
  const drawn = nodes.slice(0, MOST_DRAWN);
  const ids = new Set(drawn.map(({ id }) => id));
  return {
    nodes: drawn,
    edges: edges.filter(({ from, to }) => ids.has(from) && ids.has(to)),
    isPart: drawn.length < nodes.length,
  };
};
