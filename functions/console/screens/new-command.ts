// The form of a command on a pipeline: what it will do, what stands now, whether it may be too late; and what is sent.
import { listAudit } from '../../../shared/commands/audit.ts';
import { html, NOTHING, type Html } from '../../../shared/page/html.ts';
import type { Subject } from '../forms/about.ts';
import { effectShown, formShown, givenIn, newIdOf } from '../forms/form.ts';
import { lastCommand, sendForm } from '../forms/send.ts';
import { withMeasurements } from '../forms/measured.ts';
import { formPlaceIn, subjectOf, type FormPlace } from '../forms/subject.ts';
import { screensOf } from '../navigation.ts';
import { conditionShown, pauseShown } from '../parts.ts';
import type { Asked, Ports } from '../ports.ts';
import { screen } from '../screen.ts';
import { facts, type View } from '../view.ts';
import { SCREENS } from '../words/screens.ts';
import { VERB_WORDS } from '../words/verbs.ts';
import { versionsShown } from './model-versions.ts';
import { recordPath } from './one-command.ts';

interface Form extends FormPlace, Subject {
  readonly id: string;
}

export const newCommand = screen<Form>({
  async read(asked, ports) {
    const place = formPlaceIn(asked, ports);
    const subject = await subjectOf(place, asked, ports);
    return { ...place, id: newIdOf(ports), ...(await withMeasurements(subject, place.pipeline, ports)) };
  },
  title: ({ verb, pipeline, fields }, view) => {
    const { names, rollback } = view.say(VERB_WORDS);
    const field = (name: string) => fields.find(([each]) => each === name)?.[1];
    const what = verb === 'plan' && field('kind') === 'rollback' ? rollback : names[verb];
    return `${what}${view.words.colon}${pipeline.name} ${field('model') ?? field('run') ?? ''}`.trim();
  },
  body: (form, view) =>
    html`${screensOf(form.pipeline, view)} ${effectShown(form.verb, view)} ${standing(form, view)}
      ${formShown({ ...form, choices: versionsShown(form, view) }, view)}
      <p>${view.words.inTerminal}</p>
      <pre tabindex="0">${form.line}</pre>`,
});

function standing(form: Form, view: View): Html {
  const { words } = view;
  const { pipeline, standing: stands, published, models } = form;
  const of = `/p/${pipeline.name}`;
  const title = html`<h2>${view.say(VERB_WORDS).whatStands}</h2>`;
  if (stands !== undefined)
    return html`${title}
      <p>${conditionShown(stands.condition, view)} ${words.sentences[stands.condition]}</p>
      ${pauseShown(stands, pipeline, view)}
      ${facts([
        stands.run === null
          ? undefined
          : [words.labels.run, view.link(`${of}/runs/${stands.run}`, stands.run)],
        stands.reason === null ? undefined : [words.labels.reason, view.meshText(stands.reason)],
        stands.since === null ? undefined : [words.labels.since, view.time(stands.since, pipeline)],
      ])}`;
  if (models !== undefined) return html`${title} ${currentModels(models, view)}`;
  if (published === undefined) return NOTHING;
  if (published === null)
    return html`${title}
      <p>${words.noPublication}</p>`;
  return html`${title}
  ${facts([
    [words.labels.publication, view.link(of, published.id, { at: published.id })],
    [words.labels.run, view.link(`${of}/runs/${published.run}`, published.run)],
    [words.labels.published, view.time(published.at, pipeline)],
  ])}`;
}

const currentModels = ({ current }: NonNullable<Form['models']>, view: View): Html => {
  const { currentModel, pinned } = view.say(VERB_WORDS);
  return facts(
    current.map(({ model, publication, isPinned }) => [
      `${currentModel}${view.words.colon}${model}`,
      html`<code>${publication}</code> ${isPinned ? pinned : ''}`,
    ]),
  );
};

/** Returns the path of what the command led to: its plan, or its record. */
export async function sendCommand(asked: Asked, ports: Ports): Promise<string> {
  const place = formPlaceIn(asked, ports);
  const { pipeline, verb } = place;
  const { name } = pipeline;
  const of = new URLSearchParams(
    ['run', 'kind', 'model'].flatMap((field) => {
      const value = givenIn(asked, field);
      return value === undefined ? [] : [[field, value.slice(0, 100)] as [string, string]];
    }),
  ).toString();
  const entry = await sendForm(asked, ports, {
    folder: name,
    records: { name: SCREENS.commands[asked.language], path: `/p/${name}/commands` },
    again: {
      name: VERB_WORDS[asked.language].openAgain,
      path: of === '' ? asked.path : `${asked.path}?${of}`,
    },
    subject: async () => {
      const { seen, fields } = await subjectOf(place, asked, ports);
      const to = asked.form.get('to');
      const chosen = verb === 'rollback' && to !== null ? { to } : {};
      return { seen, draft: { verb, pipeline: name, ...Object.fromEntries(fields), ...chosen } };
    },
    since: async () => lastCommand((await listAudit(ports, name, 1))[0]),
  });
  const { command, ended } = entry;
  return command.verb === 'plan' && ended?.plan !== undefined
    ? `/p/${name}/runs/${command.run}/plans/${ended.plan}`
    : recordPath(command);
}
