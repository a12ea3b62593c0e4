// A real browser over the console's pages: opens them, and keeps what the browser complains of.
import assert from 'node:assert/strict';
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from 'playwright-core';
import { drawingBrowser as command } from '../../local/http/browser.ts';

export const skip = command === undefined && 'no browser is installed: apt-get install chromium';

const LONGEST_MS = 60_000;

export const NARROW = { width: 320, height: 700 };
export const WIDE = { width: 1440, height: 900 };

export const startBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: `/usr/bin/${command}`,
    timeout: LONGEST_MS,
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync'],
      ...['--disable-component-update', '--no-first-run'],
    ],
  });

export interface Opened {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What a policy forbade, what a script threw, what could not be loaded. */
  readonly complaints: string[];
  /** The hosts of all requests. */
  readonly hosts: Set<string>;
}

export async function openContext(browser: Browser, options: BrowserContextOptions = {}): Promise<Opened> {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(LONGEST_MS);
  const page = await context.newPage();
  const complaints: string[] = [];
  const hosts = new Set<string>();
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('dialog', (dialog) => {
    complaints.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => hosts.add(new URL(request.url()).hostname));
  return { page, context, complaints, hosts };
}

/** Nothing is wider than the page, so that a phone never scrolls sideways. */
export async function assertFits(page: Page, what: string): Promise<void> {
  const [shown, wide] = (await page.evaluate(
    '[document.documentElement.clientWidth, document.documentElement.scrollWidth]',
  )) as [number, number];
  assert.ok(wide <= shown, `${what} is ${wide} pixels wide in ${shown}`);
}

/** Every page says the same with a script as without one; `plain` takes away what a script adds and what each reading makes anew. */
export async function assertSameWithoutScript(
  browser: Browser,
  addresses: Readonly<Record<string, string>>,
  plain: (text: string) => string = (text) => text,
): Promise<void> {
  const [without, withScript] = [
    await openContext(browser, { javaScriptEnabled: false }),
    await openContext(browser),
  ];
  const textAt = async (page: Page, address: string): Promise<string> => {
    await page.goto(address);
    const text = await page.locator('main').innerText();
    return plain(text.replace(/^Copy\n/gm, '').replaceAll(/\s+/g, ' '));
  };
  for (const [name, address] of Object.entries(addresses)) {
    const text = await textAt(without.page, address);
    assert.ok(text.length > 20, name);
    assert.equal(text, await textAt(withScript.page, address), name);
  }
  await Promise.all([without.context.close(), withScript.context.close()]);
}

/** The paths as addresses; where they have no names, each is its own. */
export const addressesOf = (
  origin: string,
  paths: Readonly<Record<string, string>> | readonly string[],
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Array.isArray(paths)
      ? paths.map((path: string) => [path, origin + path])
      : Object.entries(paths).map(([name, path]) => [name, origin + path]),
  );
