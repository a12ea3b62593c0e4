// The conditions of grants: the part of Google's expression language that selects resources by name, and listings.
import { notImplemented } from '../http/errors.ts';

/**
 * Whether the grant holds for the resource of this full name. `listPrefix` is that of a listing of objects, which is
 * asked of the bucket; empty for any other request.
 */
export type Condition = (resource: string, listPrefix: string) => boolean;

const TERM = /^resource\.name\.(startsWith|endsWith)\("([^"\\]*)"\)$/;
const LIST_TERM =
  /^api\.getAttribute\("storage\.googleapis\.com\/objectListPrefix", ""\)\.startsWith\("([^"\\]*)"\)$/;

/** Reads terms about the resource's name or a listing's prefix, joined by `||`; 501 for any other expression. */
export function readCondition(expression: string): Condition {
  const terms = expression.split('||').map((text): Condition => {
    const prefix = LIST_TERM.exec(text.trim())?.[1];
    if (prefix !== undefined) return (_resource, listPrefix) => listPrefix.startsWith(prefix);
    const [, how, part = ''] = TERM.exec(text.trim()) ?? [];
    if (how === 'startsWith') return (resource) => resource.startsWith(part);
    if (how === 'endsWith') return (resource) => resource.endsWith(part);
    throw notImplemented(`the condition ${text.trim()}`);
  });
  return (resource, listPrefix) => terms.some((holds) => holds(resource, listPrefix));
}
