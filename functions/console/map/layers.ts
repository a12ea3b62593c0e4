// Puts the nodes of a graph into layers from the top to the bottom, with a place in each layer that an edge passes: pure.

export interface Edge {
  readonly from: string;
  readonly to: string;
}

export interface Graph {
  /** Unique. Walks begin with the first, so their order says where the top is. */
  readonly nodes: readonly string[];
  readonly edges: readonly Edge[];
}

export interface Layered {
  /** Each from the left to the right: nodes, and bends of edges. */
  readonly layers: readonly (readonly string[])[];
  /** For each edge of the graph, where it goes from layer to layer: its two nodes, and the bends between them. */
  readonly chains: readonly (readonly string[])[];
}

export function layered(graph: Graph): Layered {
  const closing = closingEdges(graph);
  const down = graph.edges.map((edge, at) => (closing.has(at) ? { from: edge.to, to: edge.from } : edge));
  const ranks = pulledDown(graph.nodes, down, ranksOf(graph.nodes, down));
  const layers: string[][] = [];
  const put = (id: string, rank: number) => void (layers[rank] ??= []).push(id);
  for (const node of graph.nodes) put(node, ranks.get(node) ?? 0);
  const chains = down.map(({ from, to }, at) => {
    const [first, last] = [ranks.get(from) ?? 0, ranks.get(to) ?? 0];
    const bends = Array.from({ length: Math.max(0, last - first - 1) }, (_, bend) => `${at} ${bend}`);
    for (const [bend, id] of bends.entries()) put(id, first + 1 + bend);
    const chain = [from, ...bends, to];
    return closing.has(at) ? chain.toReversed() : chain;
  });
  return {
    layers: ordered(
      Array.from(layers, (layer) => layer ?? []),
      chains,
    ),
    chains,
  };
}

/** The edges that close a circle on a walk from the first node on, by their places; an edge of a node to itself too. */
function closingEdges({ nodes, edges }: Graph): ReadonlySet<number> {
  const from = Map.groupBy(edges.entries(), ([, edge]) => edge.from);
  const state = new Map<string, 'open' | 'done'>();
  const closing = new Set<number>();
  const walk = (node: string): void => {
    state.set(node, 'open');
    for (const [at, edge] of from.get(node) ?? []) {
      if (state.get(edge.to) === 'open') closing.add(at);
      else if (!state.has(edge.to)) walk(edge.to);
    }
    state.set(node, 'done');
  };
  for (const node of nodes) if (!state.has(node)) walk(node);
  return closing;
}

type Ranks = ReadonlyMap<string, number>;

/** Each node below all that lead to it: the length of the longest way. */
function ranksOf(nodes: readonly string[], edges: readonly Edge[]): Ranks {
  const into = Map.groupBy(edges, ({ to }) => to);
  const ranks = new Map<string, number>();
  const rankOf = (node: string): number => {
    const known = ranks.get(node);
    if (known !== undefined) return known;
    const above = (into.get(node) ?? []).filter(({ from }) => from !== node);
    const rank = Math.max(0, ...above.map(({ from }) => rankOf(from) + 1));
    ranks.set(node, rank);
    return rank;
  };
  for (const node of nodes) rankOf(node);
  return ranks;
}

/** A node that nothing leads to stands just above the first that it leads to, not at the top of the picture. */
function pulledDown(nodes: readonly string[], edges: readonly Edge[], ranks: Ranks): Ranks {
  const reached = new Set(edges.map(({ to }) => to));
  const out = Map.groupBy(edges, ({ from }) => from);
  const rankOf = (node: string): number => {
    const below = (out.get(node) ?? []).map(({ to }) => ranks.get(to) ?? 0);
    return reached.has(node) || below.length === 0 ? (ranks.get(node) ?? 0) : Math.min(...below) - 1;
  };
  return new Map(nodes.map((node) => [node, Math.max(0, rankOf(node))]));
}

const SWEEPS = 12;

/** Moves each place towards the middle of its neighbours, down and up by turns, so that fewer edges cross. */
function ordered(layers: readonly string[][], chains: Layered['chains']): Layered['layers'] {
  const beside = neighboursOf(chains);
  let current = layers;
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const place = new Map(
      current.flatMap((layer) => layer.map((id, at) => [id, (at + 0.5) / layer.length] as const)),
    );
    const middleOf = (id: string): number => {
      const places = [id, ...(beside.get(id) ?? [])].map((each) => place.get(each) ?? 0);
      return places.reduce((sum, each) => sum + each, 0) / places.length;
    };
    current = current.map((layer, at) =>
      at % 2 === sweep % 2 ? layer : layer.toSorted((one, other) => middleOf(one) - middleOf(other)),
    );
  }
  return current;
}

export function neighboursOf(chains: Layered['chains']): ReadonlyMap<string, readonly string[]> {
  const beside = new Map<string, string[]>();
  const add = (one: string, other: string) => beside.set(one, [...(beside.get(one) ?? []), other]);
  for (const chain of chains)
    for (const [at, id] of chain.entries()) {
      const next = chain[at + 1];
      if (next === undefined) continue;
      add(id, next);
      add(next, id);
    }
  return beside;
}
