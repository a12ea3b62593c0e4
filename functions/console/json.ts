// The data of a screen as JSON, and a refusal as problem details (RFC 9457).
import { STATUS, type PageProblem } from './problem.ts';

/** A pipeline is its name: its definition holds patterns and schemas, which JSON cannot say. */
export const plainJson = (data: object): string => `${JSON.stringify(data, plain, 2)}\n`;

function plain(_key: string, value: unknown): unknown {
  if (value instanceof Map) return undefined;
  const isPipeline = typeof value === 'object' && value !== null && 'trigger' in value && 'outputs' in value;
  return isPipeline ? (value as unknown as { readonly name: string }).name : value;
}

export const problemJson = ({ kind, message, code, choices }: PageProblem): string =>
  `${JSON.stringify({ type: `about:blank#${kind}`, title: kind, status: STATUS[kind], code, detail: message, choices }, undefined, 2)}\n`;
