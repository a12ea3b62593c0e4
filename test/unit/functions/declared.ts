// What the tests of declarations share: a plain declaration, and the problems that an error lists.
import assert from 'node:assert/strict';
import { operators } from '../../../shared/functions/callers.ts';
import { defineFunction, type FunctionDeclaration } from '../../../shared/functions/declaration.ts';
import { SMALL } from '../../../shared/functions/size.ts';

export const plain = (name: string, more: Partial<FunctionDeclaration> = {}): FunctionDeclaration =>
  defineFunction({ name, purpose: 'Tests', calledBy: [operators()], rights: [], size: SMALL, ...more });

/** The problems of a declaration, as the error lists them. */
export function problemsOf(declare: () => unknown): readonly string[] {
  try {
    declare();
  } catch (error) {
    assert.ok(error instanceof TypeError, String(error));
    return error.message.replace(/^.*? is wrong: /, '').split('; ');
  }
  return [];
}
