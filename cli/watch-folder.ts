// Waits for changes in the folder of a pipeline's files, one burst at a time.
import { watch } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

export interface WatchedFolder {
  /** True after the next burst of changes; false once the signal has aborted. */
  changed(): Promise<boolean>;
}

// Saving a workbook touches the folder several times; the tick's own settling does the rest.
const QUIET_MS = 300;

/** Changes that come between two waits count as one. */
export function watchFolder(folder: string, recursive: boolean, signal: AbortSignal): WatchedFolder {
  let changes = 0;
  let wake = () => {};
  const change = (): void => {
    changes++;
    wake();
  };
  // A folder that can be watched no longer has changed: the next tick reports how.
  const watcher = watch(folder, { recursive }, change).on('error', change);
  signal.addEventListener('abort', () => {
    watcher.close();
    wake();
  });
  return {
    async changed() {
      if (changes === 0 && !signal.aborted) await new Promise<void>((resolve) => (wake = resolve));
      await wait(QUIET_MS, undefined, { signal }).catch(() => undefined);
      changes = 0;
      return !signal.aborted;
    },
  };
}
