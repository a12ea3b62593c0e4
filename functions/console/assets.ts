// The files of every page: the style sheet and the script, named by their content, so that a browser keeps them.
import { createHash } from 'node:crypto';
import { PAGE_STYLE } from '../../shared/page/style.ts';
import { clientScript } from './client.ts';

interface Asset {
  readonly path: string;
  readonly type: string;
  readonly text: string;
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

const asset = (name: string, ending: string, type: string, text: string): Asset => ({
  path: `/assets/${name}-${hashOf(text)}.${ending}`,
  type,
  text,
});

const MARK = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path d="M2 3h12M4 8h8M6 13h4" stroke="#1c6fd1" stroke-width="2.4" stroke-linecap="round"/></svg>`;

export const STYLE = asset('style', 'css', 'text/css; charset=utf-8', PAGE_STYLE);
export const SCRIPT = asset('script', 'js', 'text/javascript; charset=utf-8', clientScript);
export const ICON = asset('icon', 'svg', 'image/svg+xml', MARK);

const ASSETS = new Map([STYLE, SCRIPT, ICON].map((each) => [each.path, each]));

export const assetAt = (path: string): Asset | undefined => ASSETS.get(path);

/** Names the code that made a page, as far as a reader sees it. */
export const LOOK = hashOf([STYLE, SCRIPT].map(({ path }) => path).join());
