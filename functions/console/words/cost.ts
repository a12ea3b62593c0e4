// What the screen Cost says.
import { fr } from '../../../shared/page/french.ts';
import type { Translated } from '../../../shared/page/languages.ts';
import type { MonthOf, RequestCase } from '../reading/figures.ts';

export interface CostWords {
  readonly intro: (readOn: string) => string;
  readonly actuals: string;
  readonly actualsNote: (readOn: string) => string;
  readonly noActual: string;
  readonly pipeline: string;
  readonly size: string;
  readonly sizeOf: (cpu: number, memory: string) => string;
  readonly executions: string;
  readonly mean: string;
  readonly last: string;
  readonly sum: string;
  readonly seconds: string;
  readonly cost: string;
  readonly ended: string;
  readonly run: string;
  readonly each: string;
  readonly month: string;
  readonly months: Readonly<Record<MonthOf, string>>;
  readonly what: string;
  readonly charged: string;
  readonly whole: string;
  readonly perPipeline: string;
  readonly byService: string;
  readonly service: string;
  /** Those that have another name than in the computation. */
  readonly services: Readonly<Record<string, string>>;
  readonly oneRun: string;
  readonly runJob: (seconds: string, billed: string, vcpu: string, gib: string) => string;
  readonly runFunctions: (seconds: string) => string;
  readonly requests: string;
  readonly cases: Readonly<Record<RequestCase, string>>;
  readonly tab: (hours: number, days: number, price: string) => string;
  readonly console: string;
  readonly counted: string;
  readonly unit: string;
  readonly price: string;
  readonly free: string;
  readonly cited: string;
  readonly leftOut: string;
  readonly more: string;
}

export const COST_WORDS: Translated<CostWords> = {
  en: {
    intro: (readOn) =>
      `Computed from a measurement of calls and Google’s list prices, read on ${readOn}. No number comes from a bill.`,
    actuals: 'What runs have cost',
    actualsNote: (readOn) =>
      `The seconds of each execution, from its start to its manifest, a minute at least, at the list prices of jobs of ${readOn}. Free amounts are not deducted; functions, storage and queries come on top.`,
    noActual: 'no execution is recorded',
    pipeline: 'Pipeline',
    size: 'Size of the job',
    sizeOf: (cpu, memory) => `${cpu} vCPU, ${memory}`,
    executions: 'Executions',
    mean: 'Mean seconds',
    last: 'The last one',
    sum: 'All of these',
    seconds: 'Seconds',
    cost: 'Cost',
    ended: 'Ended',
    run: 'Run',
    each: 'Each execution',
    month: 'A month of the mesh',
    months: {
      idle: 'an idle month',
      daily: 'a change a day',
      many: '1,000 pipelines, a change a day each',
    },
    what: 'What',
    charged: 'After free tiers',
    whole: 'Nothing counted as free',
    perPipeline: 'Per pipeline',
    byService: 'By service, nothing counted as free',
    service: 'Service',
    services: {},
    oneRun: 'One run, as it was measured',
    runJob: (seconds, billed, vcpu, gib) =>
      `the job: ${seconds} s with ${vcpu} vCPU and ${gib} GiB, billed as ${billed} s`,
    runFunctions: (seconds) => `functions: ${seconds} s billed`,
    requests: 'A pipeline that takes requests',
    cases: {
      none: 'no request: a month',
      daily: '1,000 a day, accepted, run and polled: a month',
      hour: '1,000 a second, accepted: an hour',
      month: '1,000 a second, accepted: a month',
    },
    tab: (hours, days, price) =>
      `A tab that is visible ${hours} hours on ${days} days a month over an idle mesh costs ${price}, nothing counted as free. A hidden tab asks nothing.`,
    console: 'This console',
    counted: 'What is counted, and its price',
    unit: 'Counted',
    price: 'Price',
    free: 'Free a month',
    cited: 'from another source than Google’s page',
    leftOut: 'in no sum: whether it is charged is uncertain',
    more: 'docs/COST.md of the repository has the method, the assumptions and what is left out. npm run cost writes both.',
  },
  fr: {
    intro: (readOn) =>
      `Calculé d’après une mesure des appels et les prix publics de Google, lus le ${readOn}. Aucun chiffre ne vient d’une facture.`,
    actuals: 'Ce que les exécutions ont coûté',
    actualsNote: (readOn) =>
      fr`Les secondes de chaque exécution, de son démarrage à son manifeste, une minute au moins, aux prix publics des jobs du ${readOn}. Les quantités gratuites ne sont pas déduites ; fonctions, stockage et requêtes s’ajoutent.`,
    noActual: 'aucune exécution enregistrée',
    pipeline: 'Pipeline',
    size: 'Taille du job',
    sizeOf: (cpu, memory) => `${cpu} vCPU, ${memory}`,
    executions: 'Exécutions',
    mean: 'Secondes en moyenne',
    last: 'La dernière',
    sum: 'Toutes celles-ci',
    seconds: 'Secondes',
    cost: 'Coût',
    ended: 'Terminée',
    run: 'Exécution',
    each: 'Chaque exécution',
    month: 'Un mois du maillage',
    months: {
      idle: 'un mois au repos',
      daily: 'un changement par jour',
      many: '1\u202f000 pipelines, un changement par jour chacun',
    },
    what: 'Quoi',
    charged: 'Après les quantités gratuites',
    whole: 'Rien compté comme gratuit',
    perPipeline: 'Par pipeline',
    byService: 'Par service, rien compté comme gratuit',
    service: 'Service',
    services: {
      Functions: 'Fonctions',
      Storage: 'Stockage',
      Scheduler: 'Planificateur',
      'Keys and secrets': 'Clés et secrets',
      Watching: 'Surveillance',
    },
    oneRun: 'Une exécution, telle qu’elle a été mesurée',
    runJob: (seconds, billed, vcpu, gib) =>
      fr`le job : ${seconds} s avec ${vcpu} vCPU et ${gib} Gio, facturé ${billed} s`,
    runFunctions: (seconds) => fr`fonctions : ${seconds} s facturées`,
    requests: 'Un pipeline qui prend des demandes',
    cases: {
      none: fr`aucune demande : un mois`,
      daily: fr`1\u202f000 par jour, acceptées, exécutées et suivies : un mois`,
      hour: fr`1\u202f000 par seconde, acceptées : une heure`,
      month: fr`1\u202f000 par seconde, acceptées : un mois`,
    },
    tab: (hours, days, price) =>
      `Un onglet visible ${hours} heures pendant ${days} jours par mois sur un maillage au repos coûte ${price}, rien compté comme gratuit. Un onglet caché ne demande rien.`,
    console: 'Cette console',
    counted: 'Ce qui est compté, et son prix',
    unit: 'Compté',
    price: 'Prix',
    free: 'Gratuit par mois',
    cited: 'd’une autre source que la page de Google',
    leftOut: fr`dans aucune somme : il n’est pas certain que ce soit facturé`,
    more: 'docs/COST.md du dépôt donne la méthode, les hypothèses et ce qui est omis. npm run cost écrit les deux.',
  },
};
