import type { Operation, OperationParameter } from '../../operation.ts';

/** `Schedule/<id>/$generate-slots`: no standard has such an operation, so it is our own. */

type Simple = Extract<OperationParameter, { type: unknown }>;
type Count = Pick<OperationParameter, 'min' | 'max'>;

const ONE: Count = { min: 1, max: 1 };
const MAYBE: Count = { min: 0, max: 1 };
const SOME: Count = { min: 1, max: '*' };
const ANY: Count = { min: 0, max: '*' };

const taken = (name: string, type: Simple['type'], count: Count, fr: string, en: string): Simple => ({
  name,
  use: 'in',
  ...count,
  type,
  documentation: { fr, en },
});
const told = (name: string, type: Simple['type'], fr: string, en: string): Simple => ({
  ...taken(name, type, ONE, fr, en),
  use: 'out',
});

const TEMPLATE: OperationParameter = {
  name: 'template',
  use: 'in',
  ...SOME,
  documentation: {
    fr: 'Des plages qui reviennent : quels jours, entre quelles heures, de quelle durée. Le premier gabarit l’emporte.',
    en: 'Slots that come again: on which days, between which hours, how long. The first template takes precedence.',
  },
  parts: [
    taken('weekday', 'code', ANY, 'mon, tue … sun. Ou bien rrule.', 'mon, tue … sun. Or else rrule.'),
    taken(
      'rrule',
      'string',
      MAYBE,
      'Quels jours, selon RFC 5545, sans heures : FREQ=MONTHLY;BYDAY=1MO. UNTIL est une date.',
      'Which days, by RFC 5545, without hours: FREQ=MONTHLY;BYDAY=1MO. UNTIL is a date.',
    ),
    taken(
      'dtstart',
      'date',
      MAYBE,
      'Avec rrule : le jour d’où elle compte (INTERVAL, COUNT); sinon start.',
      'With rrule: the day that it counts from (INTERVAL, COUNT); start when left out.',
    ),
    taken('from', 'time', ONE, 'À partir de quelle heure, au lieu.', 'From which hour, at the place.'),
    taken(
      'to',
      'time',
      ONE,
      'Jusqu’à quelle heure; 00:00:00 est minuit à la fin du jour.',
      'Until which hour; 00:00:00 is the midnight that ends the day.',
    ),
    taken('duration', 'positiveInt', ONE, 'Minutes d’une plage, de 5 à 480.', 'Minutes of a slot, 5 to 480.'),
    taken(
      'break',
      'unsignedInt',
      MAYBE,
      'Minutes entre deux plages, 480 au plus; sinon 0.',
      'Minutes between two slots, 480 at the most; 0 when left out.',
    ),
    taken(
      'slot',
      'Slot',
      MAYBE,
      'Ce que dit chaque plage : appointmentType, extensions et comment. Le reste n’est pas lu.',
      'What each slot says: appointmentType, extensions and comment. The rest is not read.',
    ),
  ],
};

const EXCEPTION: OperationParameter = {
  name: 'exception',
  use: 'in',
  ...ANY,
  documentation: {
    fr: 'Une date ou une période fermée; ou une date qui a ses propres heures, même fériée.',
    en: 'A date or a period that is closed; or a date that has hours of its own, also of a holiday.',
  },
  parts: [
    taken('date', 'date', MAYBE, 'Un jour. Ou bien period.', 'A day. Or else period.'),
    taken(
      'period',
      'Period',
      MAYBE,
      'D’un instant à un autre, ou d’un jour à un autre, celui-ci compris.',
      'From one instant to another, or from one day to another, with that day.',
    ),
    taken('from', 'time', MAYBE, 'Avec date : ouvert à partir de.', 'With date: open from.'),
    taken('to', 'time', MAYBE, 'Avec date : ouvert jusqu’à.', 'With date: open until.'),
  ],
};

const KEPT: OperationParameter = {
  name: 'kept',
  use: 'out',
  ...ANY,
  documentation: { fr: 'Plages qui restent.', en: 'Slots that stay.' },
  parts: [
    told(
      'reason',
      'code',
      'wanted : elle y était déjà telle quelle; busy : prise, retenue ou bloquée; begun : commencée.',
      'wanted: it was there as it is wanted; busy: taken, held or blocked; begun: it has begun.',
    ),
    told('count', 'positiveInt', 'Combien.', 'How many.'),
  ],
};

const SKIPPED: OperationParameter = {
  name: 'skipped',
  use: 'out',
  ...ANY,
  documentation: {
    fr: 'Plages d’un jour qui n’ont pas été faites.',
    en: 'Slots of a day that were not made.',
  },
  parts: [
    told('date', 'date', 'Le jour.', 'The day.'),
    told(
      'reason',
      'code',
      'holiday, closed, clocks, template, past, busy ou overlap.',
      'holiday, closed, clocks, template, past, busy or overlap.',
    ),
    told('count', 'positiveInt', 'Combien.', 'How many.'),
    told('description', 'string', 'La raison en mots.', 'The reason in words.'),
  ],
};

const PARAMETERS: readonly OperationParameter[] = [
  taken('start', 'date', ONE, 'Le premier jour.', 'The first day.'),
  taken(
    'end',
    'date',
    ONE,
    'Le dernier jour, compris; 366 jours au plus.',
    'The last day, included; 366 days at the most.',
  ),
  taken(
    'mode',
    'code',
    MAYBE,
    'add : ajoute seulement (par défaut); replace : retire aussi les plages libres de ces jours qui ne sont pas voulues.',
    'add: adds only (when left out); replace: also removes free slots of these days that are not wanted.',
  ),
  taken(
    'holidays',
    'code',
    MAYBE,
    'skip : rien les jours fériés du Québec (par défaut); keep : comme les autres jours.',
    'skip: nothing on public holidays of Québec (when left out); keep: as on other days.',
  ),
  taken(
    'easter',
    'code',
    MAYBE,
    'Lequel des deux jours est férié : good-friday (par défaut) ou easter-monday.',
    'Which of the two days is a holiday: good-friday (when left out) or easter-monday.',
  ),
  TEMPLATE,
  EXCEPTION,
  told('created', 'unsignedInt', 'Combien de plages ont été faites.', 'How many slots were made.'),
  told('removed', 'unsignedInt', 'Combien ont été retirées.', 'How many were removed.'),
  KEPT,
  SKIPPED,
];

/** All of it but what does it. */
export const GENERATE_SLOTS = {
  documentation: {
    fr:
      'Fait les plages d’un horaire à partir de la semaine de la clinique. Ce qui est réservé ou retenu n’est jamais ' +
      'touché.',
    en: 'Makes the slots of a schedule from the week of the clinic. What is booked or held is never touched.',
  },
  base: null,
  affectsState: true,
  needs: [
    { type: 'Slot', permission: 'c' },
    { type: 'Slot', permission: 'u' },
    { type: 'Slot', permission: 'd' },
  ],
  parameters: PARAMETERS,
} as const satisfies Operation;
