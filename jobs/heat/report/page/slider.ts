// The frames of the period: side by side where the browser runs no script, and one behind the other with a slider where it does.
import { html, type Html } from '../../../../shared/page/html.ts';
import type { Messages } from '../language/texts.ts';
import type { Reported } from '../reported.ts';
import { mapLegend, picture } from './maps.ts';

/** Made here whole: the page's policy allows this text alone. It touches nothing but the frames of its own page. */
export const SCRIPT = `
(() => {
  const box = document.getElementById('frames');
  const frames = [...box.querySelectorAll('.frame')];
  const slider = box.querySelector('input');
  const button = box.querySelector('button');
  let timer;
  const show = (at) => {
    frames.forEach((frame, index) => frame.classList.toggle('shown', index === at));
    slider.value = at;
    slider.setAttribute('aria-valuetext', frames[at].textContent.trim());
  };
  const stop = () => {
    clearInterval(timer);
    timer = undefined;
    button.textContent = button.dataset.play;
  };
  const next = () => show((Number(slider.value) + 1) % frames.length);
  slider.addEventListener('input', () => { stop(); show(Number(slider.value)); });
  button.addEventListener('click', () => {
    if (timer !== undefined) return stop();
    timer = setInterval(next, 250);
    button.textContent = button.dataset.stop;
  });
  box.classList.add('one');
  show(Number(slider.value));
})();
`;

export function framesFigure(m: Messages, { frames: { frames, range, shrink }, grid }: Reported): Html {
  const size = { columns: Math.ceil(grid.columns / shrink), rows: Math.ceil(grid.rows / shrink) };
  const { maps, format } = m;
  const means = frames.map(({ mean }) => mean);
  const warmest = means.indexOf(Math.max(...means));
  const frame = ({ time, mean, png }: (typeof frames)[number]): Html => {
    const words = maps.frame(format.hour(time), format.degrees(mean));
    return html`<div class="frame">
      ${picture(png, size, '')}
      <p>${words}</p>
    </div> `;
  };
  return html`<figure class="full frames" id="frames" role="group" aria-label="${maps.frames}">
    <h3>${maps.frames}</h3>
    <div class="slide">
      <button type="button" data-play="${maps.play}" data-stop="${maps.stop}">${maps.play}</button>
      <input
        type="range"
        min="0"
        max="${frames.length - 1}"
        step="1"
        value="${warmest}"
        aria-label="${maps.choose}"
      />
    </div>
    <div class="strip" tabindex="0">${frames.map(frame)}</div>
    ${mapLegend(m, { id: 'colours-frames', scale: 'heat', range, units: '°C' })}
    <figcaption>${maps.framesCaption(frames.length, shrink)}</figcaption>
  </figure> `;
}
