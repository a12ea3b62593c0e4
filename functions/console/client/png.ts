// A button beside each picture, which saves it as PNG. Without a script the picture is saved as SVG.

/** A picture of 900 pixels is sharp on paper and in slides at twice its size. */
const SCALE = 2;

export const isPngButton = (node: Node): boolean =>
  node instanceof HTMLElement && node.classList.contains('png');

export function pngButtons(): void {
  for (const button of document.querySelectorAll('main .png'))
    if (button.previousElementSibling?.classList.contains('picture') !== true) button.remove();
  for (const link of document.querySelectorAll<HTMLAnchorElement>('main a.picture'))
    if (link.nextElementSibling?.classList.contains('png') !== true) link.after(buttonFor(link));
}

function buttonFor(link: HTMLAnchorElement): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'png';
  button.textContent = 'PNG';
  // The link as it is now: a page that stays open may show another publication later.
  button.addEventListener('click', () => void save(link.href, button));
  return button;
}

async function save(address: string, button: HTMLButtonElement): Promise<void> {
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [image.naturalWidth * SCALE, image.naturalHeight * SCALE];
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise<Blob | null>((made) => canvas.toBlob(made, 'image/png'));
    if (blob === null) throw new Error('the picture is too large');
    download(blob, nameIn(address));
    button.textContent = 'PNG ✓';
  } catch {
    button.textContent = 'PNG ✕';
  }
}

function nameIn(address: string): string {
  const query = new URL(address).searchParams;
  const parts = ['at', 'site', 'cluster', 'chart']
    .map((name) => query.get(name) ?? '')
    .filter((part) => part !== '');
  return `${parts
    .join('-')
    .replace(/[^\w-]+/g, '_')
    .slice(0, 120)}.png`;
}

function download(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
