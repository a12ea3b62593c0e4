// Brings the fonts of PDFKit into a bundle: the library loads them from its own folder, which is not beside a bundle.
import type { Plugin } from 'esbuild';
import { readFileSync } from 'node:fs';

const OWN_REQUIRE = 'const require$1 = createRequire(import.meta.url);';
const FONT = /\brequire\$1\('#standard-fonts\/(\w+)'\)/g;

/** The bundler follows a plain `require`, by the `imports` of the package. */
export const pdfkitFonts: Plugin = {
  name: 'pdfkit-fonts',
  setup(build) {
    build.onLoad({ filter: /[\\/]pdfkit[\\/]js[\\/]pdfkit\.node\.mjs$/ }, ({ path }) => {
      const source = readFileSync(path, 'utf8');
      const contents = source.replace(OWN_REQUIRE, '').replaceAll(FONT, "require('#standard-fonts/$1')");
      if (!source.includes(OWN_REQUIRE) || contents.includes('require$1'))
        return {
          errors: [{ text: `${path} loads its fonts in another way than build/pdfkit-fonts.ts expects` }],
        };
      return { contents, loader: 'js' };
    });
  },
};
