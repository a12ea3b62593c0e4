// A real browser for a test: Chromium without a window, as a person's would run, in a profile of its own.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

const found = (names: readonly string[]): string | undefined =>
  names.find((name) => {
    try {
      execFileSync(name, ['--version'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  });

/** The command of the browser that a person would run, or undefined where none is installed. */
export const browser = found(['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']);

/** Draws the same pages with the same engine, and costs a quarter less: it has no bars, profiles or extensions to keep. */
export const drawingBrowser = found(['chromium-headless-shell']) ?? browser;

/** Opens `url` until the test ends; `evil.example` is this machine, as the owner of a domain can make it. */
export function openPage(context: TestContext, url: string): void {
  const profile = mkdtempSync(join(tmpdir(), 'browser-'));
  const child = spawn(
    browser ?? '',
    [
      ...['--headless=new', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-extensions'],
      '--host-resolver-rules=MAP evil.example 127.0.0.1',
      `--user-data-dir=${profile}`,
      url,
    ],
    { stdio: 'ignore', detached: true },
  );
  const ended = new Promise((resolve) => child.once('exit', resolve));
  context.after(async () => {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    await ended;
    rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  });
}
