// The publication that a page is about: the newest, or the one that its address names.
import type { Pipeline } from '../../../shared/pipelines/pipeline.ts';
import type { Warehouse } from '../../../shared/warehouse/warehouse.ts';
import { PageProblem } from '../problem.ts';
import { readPublication, type PublicationShown } from './ledger.ts';

/** Of those that are known, or from the ledger; 404 with those that are known. `screen`: the path of the same screen. */
export async function publicationNamed(
  id: string,
  { name }: Pipeline,
  known: readonly PublicationShown[],
  warehouse: Warehouse,
  screen = '',
): Promise<PublicationShown> {
  const found = known.find((each) => each.id === id) ?? (await readPublication(warehouse, name, id));
  if (found !== undefined) return found;
  throw unknownPublication(id, name, known, screen);
}

export const unknownPublication = (
  id: string,
  pipeline: string,
  known: readonly PublicationShown[],
  screen: string,
): PageProblem =>
  new PageProblem(
    'not-found',
    `publication ${id} of ${pipeline}`,
    known.map((each) => ({
      name: each.id,
      path: `/p/${pipeline}${screen}?at=${encodeURIComponent(each.id)}`,
    })),
  );
