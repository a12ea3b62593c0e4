// Pages as everyone reads them: what axe finds in them, and whether they fit, on a phone and wide, in light and in dark.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { assertFits, NARROW, openContext, WIDE } from './browser.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** All that a page may break by its colours: another scheme changes nothing else of it. */
const OF_COLORS = ['color-contrast', 'link-in-text-block'];

export type ColorScheme = 'light' | 'dark';

export interface Look {
  readonly name: string;
  readonly viewport: typeof NARROW;
  readonly colorScheme: ColorScheme;
}

export interface Reading {
  readonly locales?: readonly ('en-GB' | 'fr-FR')[];
  /** Once, after a page is loaded. */
  readonly loaded?: (page: Page) => Promise<void>;
  /** Before a page is judged in each of its looks. */
  readonly shown?: (page: Page, look: Look) => Promise<unknown>;
}

/** What is folded away is read as well. */
export const unfold = (page: Page): Promise<void> =>
  page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })");

/**
 * Axe finds nothing in any page, each fits, no policy is broken, no other host is asked, and no cookie is kept. A page is
 * loaded once in each language and then changes its size and its colours, as on a phone that is turned at dusk.
 */
export async function assertReadable(
  browser: Browser,
  addresses: Readonly<Record<string, string>>,
  { locales = ['en-GB', 'fr-FR'], loaded, shown }: Reading = {},
): Promise<void> {
  for (const locale of locales) {
    // Colours depend on no language: one is judged in the dark as well.
    const schemes: readonly ColorScheme[] = locale === locales[0] ? ['light', 'dark'] : ['light'];
    const { page, context, complaints, hosts } = await openContext(browser, { viewport: NARROW, locale });
    for (const [name, address] of Object.entries(addresses)) {
      await page.emulateMedia({ colorScheme: 'light' });
      assert.equal((await page.goto(address))?.status(), 200, name);
      assert.equal(await page.getAttribute('html', 'lang'), locale.slice(0, 2), name);
      await loaded?.(page);
      if (locale === 'fr-FR') assert.deepEqual(await englishIn(page), [], `${name}: English in French`);
      await page.evaluate(AXE);
      for (const viewport of [NARROW, WIDE]) {
        await page.setViewportSize(viewport);
        for (const colorScheme of schemes) {
          await page.emulateMedia({ colorScheme });
          await shown?.(page, { name, viewport, colorScheme });
          const what = `${name}, ${locale}, ${viewport.width} pixels, ${colorScheme}`;
          assert.deepEqual(
            await violationsNow(page, colorScheme === 'dark' ? OF_COLORS : undefined),
            [],
            what,
          );
        }
        await assertFits(page, `${name}, ${locale}`);
      }
    }
    assert.deepEqual(complaints, []);
    const own = Object.values(addresses).map((address) => new URL(address).hostname);
    assert.deepEqual([...hosts], [...new Set(own)], 'no other host is asked');
    assert.deepEqual(await context.cookies(), []);
    await context.close();
  }
}

/**
 * Words that no French text has. What people, files and other systems named stands in `bdi`, `code` and `pre`; a text of
 * the mesh that has no French one says that it is English.
 */
const ENGLISH = `(() => {
  const word = /(?<![\\w-])(the|of|is|was|are|were|and|with|from|this|that|which|has|have|been|for|by|in|to|at|it|its|be|no|not|found|expected)(?![\\w-])/i;
  const given = '[lang=en], bdi, code, pre, option, script, style';
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode())
    if (node.parentElement.closest(given) === null) found.push(node.data);
  for (const element of document.querySelectorAll('[aria-label], [alt], [title], [placeholder]'))
    if (element.closest('[lang=en]') === null)
      for (const name of ['aria-label', 'alt', 'title', 'placeholder']) found.push(element.getAttribute(name) ?? '');
  return found.filter((text) => word.test(text)).map((text) => text.trim()).slice(0, 20);
})()`;
const englishIn = (page: Page): Promise<readonly string[]> => page.evaluate(ENGLISH);

/** What axe finds in a page that it has not seen yet. */
export async function violationsIn(page: Page): Promise<readonly string[]> {
  // The pages' policy lets no other script in, so axe is evaluated from without, as a debugger would.
  await page.evaluate(AXE);
  return violationsNow(page);
}

async function violationsNow(page: Page, rules?: readonly string[]): Promise<readonly string[]> {
  const runOnly = rules === undefined ? {} : { runOnly: { type: 'rule', values: rules } };
  const options = JSON.stringify({ resultTypes: ['violations'], ...runOnly });
  const found = (await page.evaluate(
    `axe.run(document, ${options}).then(({ violations }) => violations)`,
  )) as AxeResults['violations'];
  return found.map(
    ({ id, nodes }) =>
      `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join('; ')}`,
  );
}
