// What the program deploys, of this stack: the nodes, edges and grants that its pipelines bring.
import type { Described } from '../../../shared/functions/described.ts';
import type { Reads } from './reads.ts';

type Of = Described['nodes'][number]['pipelines'];

/** Made by the infra program with the bundle; parsed when a screen first needs it. */
export async function readDeployment({ pipelines }: Pick<Reads, 'pipelines'>): Promise<Described> {
  const { deployment } = await import('../deployment.ts');
  return deployedOf(deployment, new Set(pipelines.keys()));
}

/** The part of some pipelines. */
export function deployedOf({ nodes, edges, grants }: Described, pipelines: ReadonlySet<string>): Described {
  const isOf = (of: Of): boolean => of === null || of.some((name) => pipelines.has(name));
  return {
    nodes: nodes.filter((each) => isOf(each.pipelines)),
    edges: edges.filter((each) => isOf(each.pipelines)),
    grants: grants.filter((each) => isOf(each.pipelines)),
  };
}
