// The rows of a publication as its job wrote them: from the results bucket, in the version that the ledger names.
import type { TableOutput } from '../../../shared/pipelines/outputs.ts';
import { tableName } from '../../../shared/pipelines/outputs.ts';
import { isTable, type PublishedTable } from '../../../shared/outputs/published.ts';
import type { ObjectStore } from '../../../shared/objects/store.ts';
import type { Cells } from './compare.ts';
import type { PublicationShown } from './ledger.ts';

/**
 * A row takes many times its size while two files are compared. Measured with rows of the forecast that all differ, a
 * process that compares two files of 4 MiB (105,000 rows each) reaches 320 MiB, of 8 MiB 495, and of 16 MiB 800; the
 * instance has 512. So one pair is compared at a time (`changes.ts`), of files of at most this size.
 */
export const LARGEST_BYTES = 4 * 1024 * 1024;

export const publishedTableOf = (
  { outputs }: PublicationShown,
  output: TableOutput,
): PublishedTable | undefined => outputs.filter(isTable).find(({ table }) => table === tableName(output));

/**
 * Undefined where the object is not kept any more. Its name is never written twice (law 2). Its size is read first: a
 * store may hold a whole object before it finds it too large.
 */
export async function rowsOf(
  { object }: PublishedTable,
  results: ObjectStore,
): Promise<readonly Cells[] | 'too-large' | undefined> {
  const info = await results.info(object);
  if (info === undefined) return undefined;
  if (info.sizeBytes > LARGEST_BYTES) return 'too-large';
  const stored = await results.readText(object, LARGEST_BYTES);
  if (stored === undefined) return undefined;
  // Most screens read no rows, and most starts of the console need no parser.
  const { parse } = await import('csv-parse/sync');
  return parse(stored.text, { columns: true, bom: true }) as readonly Cells[];
}
