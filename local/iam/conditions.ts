// The conditions of grants: of Google's expression language, what says which resources by their names.
import { notImplemented } from '../http/errors.ts';

/** Whether the grant holds for the resource of this full name. */
export type Condition = (resource: string) => boolean;

const TERM = /^resource\.name\.(startsWith|endsWith)\("([^"\\]*)"\)$/;

/** Reads terms about the resource's name, joined by `||`; 501 for any other expression. */
export function readCondition(expression: string): Condition {
  const terms = expression.split('||').map((text): Condition => {
    const [, how, part = ''] = TERM.exec(text.trim()) ?? [];
    if (how === 'startsWith') return (resource) => resource.startsWith(part);
    if (how === 'endsWith') return (resource) => resource.endsWith(part);
    throw notImplemented(`the condition ${text.trim()}`);
  });
  return (resource) => terms.some((holds) => holds(resource));
}
