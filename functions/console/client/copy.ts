// A button beside each command, which copies it. Without a script the line can be selected and copied by hand.

const LABEL: Readonly<Record<string, string>> = { en: 'Copy', fr: 'Copier' };
const SHOWN_MS = 1_500;

export const isCopyButton = (node: Node): boolean =>
  node instanceof HTMLElement && node.classList.contains('copy');

export function copyButtons(): void {
  for (const button of document.querySelectorAll('main .copy'))
    if (button.nextElementSibling?.tagName !== 'PRE') button.remove();
  for (const line of document.querySelectorAll('main pre')) {
    if (line.previousElementSibling?.classList.contains('copy') === true) continue;
    line.before(buttonFor(line));
  }
}

function buttonFor(line: Element): HTMLButtonElement {
  const button = document.createElement('button');
  const label = LABEL[document.documentElement.lang] ?? 'Copy';
  button.type = 'button';
  button.className = 'copy';
  button.textContent = label;
  button.addEventListener('click', () => {
    const shows = (text: string) => () => {
      button.textContent = text;
      window.setTimeout(() => (button.textContent = label), SHOWN_MS);
    };
    // A browser may refuse it, by a policy for example; the line can still be selected.
    void navigator.clipboard.writeText(line.textContent ?? '').then(shows('✓'), shows('✕'));
  });
  return button;
}
