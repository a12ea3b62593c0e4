// What the infra program deploys, as data for people: nodes, what moves between them, and every grant.

/** A fact that only some pipelines bring: a stack has it if it has one of them. Null: every stack has it. */
interface OfPipelines {
  readonly pipelines: readonly string[] | null;
}

export const NODE_KINDS = [
  'outside',
  'source',
  'schedule',
  'function',
  'topic',
  'job',
  'bucket',
  'dataset',
] as const;
export type NodeKind = (typeof NODE_KINDS)[number];

export interface DescribedNode extends OfPipelines {
  /** Unique: `function start-run`. */
  readonly id: string;
  readonly kind: NodeKind;
  readonly name: string;
  /** One sentence for people; of a function its purpose. */
  readonly purpose: string;
  /** The folder of the sources, where it has one; its README says more. */
  readonly folder: string | null;
}

/** What passes along an edge. Those of `STORED` are grants on storage, the others move a run. */
export const FLOWS = [
  'watches',
  'calls',
  'publishes',
  'delivers',
  'notifies',
  'starts',
  'operates',
  'writes',
  'reads',
] as const;
export type Flow = (typeof FLOWS)[number];

export interface DescribedEdge extends OfPipelines {
  /** Ids of nodes. */
  readonly from: string;
  readonly to: string;
  readonly flow: Flow;
}

export interface DescribedGrant extends OfPipelines {
  /** The name of the program's resource. */
  readonly name: string;
  /** As docs/RIGHTS.md names it: `sluice-start-run`, `the stack's operators`. */
  readonly identity: string;
  readonly role: string;
  /** `bucket runs`, `the project`. */
  readonly on: string;
  /** What a condition narrows it to. */
  readonly only: string | null;
  /** The work that fails without it, and the test that takes it away; null: none is recorded. */
  readonly tried: { readonly work: string; readonly test: string } | null;
}

export interface Described {
  readonly nodes: readonly DescribedNode[];
  readonly edges: readonly DescribedEdge[];
  readonly grants: readonly DescribedGrant[];
}
