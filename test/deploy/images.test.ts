// The images of the jobs hold what they need and no more: only what is there, in stated versions, for a user who can change nothing.
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { read, ROOT } from './shipping.ts';

/** The images of the jobs, by their folders. */
const IMAGES = readdirSync(join(ROOT, 'jobs')).filter((name) =>
  existsSync(join(ROOT, 'jobs', name, 'Dockerfile')),
);

for (const image of IMAGES) {
  describe(`the image ${image}`, () => {
    const dockerfile = read(`jobs/${image}/Dockerfile`);

    test('copies only what is there, and what is not kept from the build', () => {
      const ignored = read('.dockerignore').split('\n');
      const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, files = '']) =>
        files.split(' '),
      );
      assert.ok(copied.length > 0);
      for (const file of copied) {
        assert.ok(existsSync(join(ROOT, file)), file);
        assert.ok(ignored.includes(`!${file}`), `${file} is not let in by .dockerignore`);
      }
    });

    test('stands on one Debian, by digest, and says which Node it must be', () => {
      const [, version, digest] =
        /^FROM node:([\d.]+)-bookworm-slim@sha256:([0-9a-f]+) AS base$/m.exec(dockerfile) ?? [];
      assert.equal(digest?.length, 64);
      const { devDependencies } = JSON.parse(read('package.json')) as { devDependencies: { node: string } };
      assert.equal(version, devDependencies.node);
      assert.ok(dockerfile.includes(`= v${version}`));
      for (const [, from] of dockerfile.matchAll(/^FROM (\S+)/gm))
        assert.match(from ?? '', /^base$|@sha256:/);
    });

    test('runs as a user who can change nothing, without what only development needs', () => {
      const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));
      assert.match(last, /^USER [1-9]\d*:[1-9]\d*$/m);
      assert.doesNotMatch(last, /--chown|chmod/);
      assert.match(dockerfile, /npm ci --omit=dev/);
    });

    test('takes from the stage of the bundle the bundle alone, which every user may read', () => {
      const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));
      assert.deepEqual(last.match(/^COPY .*$/gm), ['COPY --from=bundle /bundle ./']);
      const bundled = `RUN node build/bundle-job.ts ${image} /bundle && chmod -R u=rwX,go=rX /bundle`;
      assert.ok(dockerfile.split('\n').includes(bundled), `expected ${bundled}`);
    });

    test('starts Node with no shell before it, which would keep SIGTERM from it', () => {
      const started = dockerfile.match(/^(ENTRYPOINT|CMD|SHELL|HEALTHCHECK|STOPSIGNAL) .*$/gm);
      assert.deepEqual(started, ['ENTRYPOINT ["node", "main.mjs"]']);
    });

    test('installs packages of Debian in stated versions alone', () => {
      const installed = [...dockerfile.matchAll(/apt-get install ([^&\n]*)/g)].flatMap(([, words = '']) =>
        words.split(' ').filter((word) => word !== '' && word !== '\\' && !word.startsWith('--')),
      );
      for (const name of installed) assert.match(name, /^[a-z0-9.+-]+=\S+$/);
    });
  });
}
