// Bugs to plant where files and models are published: each lets a reader see what no run has made, or nothing.
import type { Bug } from './plant.ts';

export const EXPORTS_BUGS: readonly Bug[] = [
  {
    name: 'no-lock',
    seed: 14,
    about: "a publication does not change its pipeline's lock",
    file: 'shared/warehouse/publication.ts',
    snippet: '    ...lockStatements(warehouse, pipeline),\n',
    instead: '',
  },
  {
    name: 'pointer-first',
    seed: 1,
    about: 'the pointer moves before the transaction',
    file: 'shared/publications/publish.ts',
    snippet: '    const answer = await commit(warehouse, following);\n',
    instead:
      "    const { movePointer } = await import('./pointer.ts');\n" +
      '    const entry = { pipeline: publication.pipeline.name, ordinal: (newest?.ordinal ?? 0) + 1 };\n' +
      '    for (const each of objects) await movePointer(arguments[3].exports, entry, each);\n' +
      '    const answer = await commit(warehouse, following);\n',
  },
  {
    name: 'pointer-goes-back',
    seed: 68,
    about: 'the pointer moves to an entry even if it shows a newer one',
    file: 'shared/publications/pointer.ts',
    snippet: 'if (stands !== undefined && stands.value.ordinal >= ordinal) return;',
    instead: 'if (stands?.value.ordinal === ordinal) return;',
  },
  {
    name: 'files-copied-over',
    seed: 1,
    about: 'all publications share a folder, and an existing file is taken for the copy',
    file: 'shared/publications/objects.ts',
    snippet: 'const folder = exportFolder(key, output.name);',
    instead:
      "const folder = exportFolder({ ...key, publication: 'latest' }, output.name);\n" +
      '  if (key.publication)\n' +
      '    return concurrently(files, AT_ONCE, async ({ name, info }) => {\n' +
      '      const source = { bucket: from.bucket, name: info.name, generation: info.generation };\n' +
      '      await exports.copyFrom(folder + name, source, { bearsTime: false });\n' +
      '      return { ...(await exports.info(folder + name)), name, object: folder + name };\n' +
      '    });',
  },
  {
    name: 'champion-not-asserted',
    seed: 65,
    about: 'the transaction does not assert that the champion is the one that was compared',
    file: 'shared/publications/publish.ts',
    snippet: '      expectedLatest: newest?.id ?? null,\n',
    instead: '',
  },
  {
    name: 'no-file-checks',
    seed: 74,
    about: 'the checks of files run and their result is ignored',
    file: 'shared/publications/objects.ts',
    snippet: "return wrong === undefined ? { kind: 'checked', files }",
    instead: "return wrong !== '' ? { kind: 'checked', files }",
  },
  {
    name: 'never-revealed',
    seed: 1,
    about: 'no pointer moves after the commit',
    file: 'shared/publications/publish.ts',
    snippet: "if (answer.kind === 'published') await",
    instead: "if (answer.kind === 'refused') await",
  },
  {
    name: 'pin-ignored',
    seed: 2,
    about: 'training replaces a champion that an operator has pinned',
    file: 'shared/publications/champions.ts',
    snippet: 'if (champion.pinned) return',
    instead: 'if (champion.pinned === undefined) return',
  },
  {
    name: 'other-champion',
    seed: 1,
    about: 'a candidate that was compared with an earlier champion replaces the current one',
    file: 'shared/publications/champions.ts',
    snippet: 'if (result.champion?.publication !== champion.publication)',
    instead: 'if (result.champion === null)',
  },
  {
    name: 'own-recipe-kept',
    seed: 3,
    about: "the champion's recipe, fitted to newer data, does not take the place of the older fit",
    file: 'shared/publications/champions.ts',
    snippet: 'if (own === other && result.recipe === result.champion.recipe)',
    instead: 'if (own !== own)',
  },
  {
    name: 'not-registered',
    seed: 1,
    about: 'a candidate is not registered',
    file: 'shared/publications/publish.ts',
    snippet: 'for (const result of models) {',
    instead: 'for (const result of models.slice(1)) {',
  },
  {
    name: 'unpin-ignored',
    seed: 3,
    about: 'a champion stays pinned after its pin is removed',
    file: 'functions/publish-output/pin.ts',
    snippet: '? { ...output, pinned } : output;',
    instead: '? { ...output, pinned: true } : output;',
  },
  {
    name: 'pin-over-newer',
    seed: 14,
    about: 'a pin does not assert that its entry follows the one it was based on',
    file: 'functions/publish-output/change-models.ts',
    snippet: '      expectedLatest: newest.id,\n',
    instead: '',
  },
  {
    name: 'rollback-to-registered',
    seed: 5,
    about: "a model's rollback to a version that was never current goes to another one",
    file: 'functions/publish-output/roll-back-model.ts',
    snippet: 'const version = versions.findLast(({ publication }) => publication === to);',
    instead: 'const version = versions.findLast(({ publication }) => publication === to) ?? versions[0];',
  },
  {
    name: 'rollback-over-other',
    seed: 185,
    about: "a model's rollback replaces another champion than the operator found",
    file: 'functions/publish-output/roll-back-model.ts',
    snippet: 'if (current.publication !== replaces)',
    instead: "if (current.publication === '')",
  },
  {
    name: 'rollback-unpinned',
    seed: 8,
    about: "a model's rollback does not pin what it brought back",
    file: 'functions/publish-output/roll-back-model.ts',
    snippet: 'files, pinned: true }',
    instead: 'files, pinned: false }',
  },
  {
    name: 'current-retired',
    seed: 1,
    about: 'the daily retention starts the retention period of current files',
    file: 'shared/publications/retention.ts',
    snippet: '  if (publication === current.publication) return false;\n',
    instead: '',
  },
  {
    name: 'unpublished-retired',
    seed: 5,
    about: 'the daily retention treats files that no entry names as superseded at once',
    file: 'shared/publications/retention.ts',
    snippet: 'return named.has(publication) || nowMs - createdAtMs > UNNAMED_DAYS * MS_PER_DAY;',
    instead: 'return named.has(publication) || nowMs >= createdAtMs;',
  },
  {
    name: 'superseded-kept',
    seed: 1,
    about: 'the daily retention starts the retention period only of files that no entry names',
    file: 'shared/publications/retention.ts',
    snippet: 'return named.has(publication) ||',
    instead: 'return named.has(publication) ? false :',
  },
];
