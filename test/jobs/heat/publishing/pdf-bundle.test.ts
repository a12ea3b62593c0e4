// The library of the document in a bundle: its fonts are in it, and nothing beside it is needed.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { build } from 'esbuild';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { pdfkitFonts } from '../../../../build/pdfkit-fonts.ts';
import { testFolder } from '../formats/files.ts';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

const PROGRAM = `
import PDFDocument from 'pdfkit';
const document = new PDFDocument();
const chunks = [];
document.on('data', (chunk) => chunks.push(chunk));
document.on('end', () => process.stdout.write(Buffer.concat(chunks).toString('latin1').slice(0, 8)));
document.font('Helvetica').text('é').font('Helvetica-Bold').text('°');
document.end();
`;

test('a bundled program writes a document, wherever it lies', async () => {
  const outfile = join(testFolder(), 'main.mjs');
  await build({
    stdin: { contents: PROGRAM, resolveDir: ROOT },
    bundle: true,
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
    banner: {
      js: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`,
    },
    plugins: [pdfkitFonts],
    outfile,
    logLevel: 'silent',
  });
  const { stdout, stderr } = spawnSync(process.execPath, [outfile], { cwd: '/', encoding: 'utf8' });
  assert.equal(stdout, '%PDF-1.3', stderr);
});
