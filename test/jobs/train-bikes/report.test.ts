// The report of a training, in each language: one page that needs nothing but itself, and names from outside stay words.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { reportPages } from '../../../jobs/train-bikes/report/report.ts';
import { LEFT_OUT, MALFORMED } from '../../../jobs/train-bikes/reading/reasons.ts';
import { messagesIn } from '../../../jobs/train-bikes/report/language/messages.ts';
import { NAIVE } from '../../../jobs/train-bikes/training/naive.ts';
import { LANGUAGES } from '../../../shared/page/languages.ts';
import { skip, startBrowser } from '../forecast/browser.ts';
import { reportedOf } from './reported.ts';

const HOSTILE = `<script>alert("1")</script> & l’Île`;
const pageIn = (language: 'en' | 'fr', counter?: string): string => {
  const wanted = language === 'en' ? 'report.html' : 'report.fr.html';
  return reportPages(reportedOf(counter)).find((each) => each.name === wanted)!.page;
};
const textOf = (page: string): string =>
  page
    .replace(/<style>[^]*?<\/style>/, '')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/[ \n]+/g, ' ');

describe('the report of a training', () => {
  test('has a file for each language, of the same parts', () => {
    const pages = reportPages(reportedOf());
    assert.deepEqual(
      pages.map((each) => each.name),
      ['report.html', 'report.fr.html'],
    );
    const [english = [], french] = pages.map(
      ({ page }) => page.match(/<(figure|table|h2|ul|svg|td)\b/g) ?? [],
    );
    assert.ok(english.length > 100);
    assert.deepEqual(french, english);
    assert.deepEqual(
      pages.map(({ page }) => /<html lang="(..)">/.exec(page)?.[1]),
      ['en', 'fr'],
    );
  });

  test('writes numbers, dates and spaces as the language does', () => {
    const [english, french] = [textOf(pageIn('en')), textOf(pageIn('fr'))];
    assert.match(english, /0\.1234 /);
    assert.match(french, /0,1234 /);
    assert.match(english, / 87\.3%/);
    assert.match(french, / 87,3\u202f%/);
    assert.match(english, /naive 0\.200/);
    assert.match(french, /naïf 0,200/);
    assert.match(english, /12,000 hours of 3 counters, from 1 Jun 2021, 02:00/);
    assert.match(french, /12\u202f000 heures de 3 compteurs, du 1er juin 2021/);
    assert.match(french, /entraînement jusqu’au 10 août 2021/);
    assert.doesNotMatch(french, / [;!?%]| :/);
  });

  test('leaves no English word of the page in the French one, but for the notes, which say so', () => {
    const french = pageIn('fr').replace(/<ul lang="en">[^]*?<\/ul>/, '');
    assert.doesNotMatch(
      textOf(french),
      /\b(hour|counted|predicted|bicycles?|the|winner|dropped|naive|mean|last)\b/,
    );
    assert.match(pageIn('fr'), /Les remarques du programme, en anglais\u00a0:<\/p>\s*<ul lang="en">/);
  });

  test('has words for every reason, every kind and every naive method, in each language', () => {
    for (const language of LANGUAGES) {
      const { dropped, naive, kinds } = messagesIn(language);
      assert.deepEqual(Object.keys(dropped).toSorted(), [...MALFORMED, ...LEFT_OUT].toSorted());
      assert.deepEqual(Object.keys(naive), Object.keys(NAIVE));
      assert.deepEqual(Object.keys(kinds), ['gbt', 'rf', 'nn']);
    }
  });

  test('fetches nothing, and keeps hostile names as words', () => {
    for (const language of LANGUAGES) {
      const page = pageIn(language, HOSTILE);
      assert.ok(!/https?:|url\((?!#)|@import|src=|href=/i.test(page), 'a reference to elsewhere');
      assert.ok(!/<script|<img|<iframe|<link|javascript:| on[a-z]+=/i.test(page));
      assert.ok(page.includes('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; l’Île'));
    }
  });

  test('runs over the edge of no phone and no desk', { skip }, async (context) => {
    const browser = await startBrowser();
    context.after(() => browser.close());
    for (const language of LANGUAGES)
      for (const width of [320, 768, 1280]) {
        const page = await browser.open(pageIn(language), { width, media: 'screen' });
        const [content = 0, room = 0] = await page.evaluate<number[]>(
          '[document.scrollingElement.scrollWidth, innerWidth]',
        );
        assert.ok(content <= room, `${language}, ${width} pixels: ${content} in ${room}`);
        assert.deepEqual(page.complaints, []);
      }
  });
});
