// Keeps an open page true: asks again while it is visible, and changes only what has changed. Pages work without it.
import { Idiomorph } from 'idiomorph';
import { copyButtons, isCopyButton } from './copy.ts';
import { isPngButton, pngButtons } from './png.ts';
import { trusted } from './trusted.ts';

const LIVE_MS = 5_000;
const CALM_MS = 60_000;
/** After a lost answer: the next try waits longer, up to this. */
const LONGEST_MS = 300_000;

let etag = '';
let failures = 0;
let timer: number | undefined;

const main = (): HTMLElement | null => document.querySelector('main');

function waitMs(): number | undefined {
  const pace = main()?.dataset['pace'];
  if (pace !== 'live' && pace !== 'calm') return undefined;
  const usual = pace === 'live' ? LIVE_MS : CALM_MS;
  return Math.min(LONGEST_MS, usual * 2 ** failures);
}

/** Never while the page is hidden: a forgotten tab costs nothing. */
function schedule(): void {
  window.clearTimeout(timer);
  const wait = waitMs();
  if (wait === undefined || document.hidden) return;
  timer = window.setTimeout(() => void ask(), wait);
}

async function ask(): Promise<void> {
  try {
    const answer = await fetch(location.href, {
      // A redirect leads to a sign-in of another site, which no page may follow.
      redirect: 'manual',
      cache: 'no-store',
      // Identity-Aware Proxy answers 401 in place of a redirect.
      headers: { accept: 'text/html', 'if-none-match': etag, 'x-requested-with': 'XMLHttpRequest' },
    });
    if (answer.type === 'opaqueredirect' || answer.status === 401 || answer.status === 403)
      return notice(document.body.dataset['signedOut'] ?? '');
    if (answer.status === 200) {
      etag = answer.headers.get('etag') ?? '';
      show(await answer.text());
    } else if (answer.status !== 304) throw new Error(String(answer.status));
    failures = 0;
    notice('');
  } catch {
    failures += 1;
    notice(document.body.dataset['offline'] ?? '');
  }
  schedule();
}

function show(text: string): void {
  const fetched = new DOMParser().parseFromString(trusted(text), 'text/html');
  const [old, next] = [main(), fetched.querySelector('main')];
  if (old === null || next === null) return;
  document.title = fetched.title;
  void Idiomorph.morph(old, next, {
    ignoreActiveValue: true,
    callbacks: {
      // They are of this script, and no page that is fetched has them.
      beforeNodeRemoved: (node: Element) => !isCopyButton(node) && !isPngButton(node),
      // What a reader has unfolded stays so.
      beforeAttributeUpdated: (name: string, node: Element) =>
        !(name === 'open' && node.tagName === 'DETAILS'),
    },
  });
  copyButtons();
  pngButtons();
}

function notice(text: string): void {
  const place = document.getElementById('notice');
  if (place === null || place.textContent === text) return;
  place.textContent = text;
  place.hidden = text === '';
}

document.addEventListener('visibilitychange', () => {
  window.clearTimeout(timer);
  if (!document.hidden && waitMs() !== undefined) void ask();
});
copyButtons();
pngButtons();
schedule();
