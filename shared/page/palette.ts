// The colours of reports and pages, in light and dark: each pair of text and ground has the contrast that WCAG AA asks for.

export const LIGHT = `--page: #fbfbf9; --card: #ffffff; --text: #33383f; --strong: #14171b; --grid: #dfe2e6;
  --actual: #1b2733; --model: #1c6fd1; --lastWeek: #c98a1b; --meanOfFour: #8a939e; --below: #c2563f; --above: #3f8f6b;`;
export const DARK = `--page: #14171b; --card: #1c2026; --text: #b8c0ca; --strong: #f1f4f7; --grid: #343b44;
  --actual: #f1f4f7; --model: #6aaef7; --lastWeek: #e0ad52; --meanOfFour: #7c8692; --below: #e58873; --above: #6cc79c;`;

/** `model` and `#1c6fd1`, for a picture that no style sheet reaches. */
export const coloursOf = (palette: string): ReadonlyMap<string, string> =>
  new Map(
    [...palette.matchAll(/--(\w+): (#[0-9a-f]{6})/g)].map(([, name = '', colour = '']) => [name, colour]),
  );
