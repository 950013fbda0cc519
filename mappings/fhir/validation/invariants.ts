import type { Bilingual } from '../../../src/domain/schedule.ts';
import type { JsonObject } from './json.ts';
import { endsTooSoon } from './words.ts';

/**
 * The invariants of R4's datatypes, of Appointment and of Patient: what their elements must be to each other; Slot has
 * none. Those of other resources, which may come contained, are not looked at.
 */

export type Invariant = {
  readonly message: Bilingual;
  readonly holds: (value: JsonObject) => boolean;
  /** The element that it is about; left out = all of them. */
  readonly at?: string;
};

const UCUM = 'http://unitsofmeasure.org';

/** Also an element that has extensions only is there. */
const has = (value: JsonObject, name: string): boolean =>
  Object.hasOwn(value, name) || Object.hasOwn(value, `_${name}`);

/** value[x], of any type. */
const hasChoice = (value: JsonObject, stem: string): boolean =>
  Object.keys(value).some((key) => new RegExp(`^_?${stem}[A-Z]`).test(key));

const needs = (value: JsonObject, name: string, other: string): boolean =>
  !has(value, name) || has(value, other);

const invariant = (key: string, fr: string, en: string, holds: Invariant['holds']): Invariant => ({
  message: { fr: `${key} : ${fr}`, en: `${key}: ${en}` },
  holds,
});

const CODE_NEEDS_SYSTEM = invariant(
  'qty-3',
  'un code d’unité demande son system',
  'a code of a unit needs its system',
  (value) => needs(value, 'code', 'system'),
);

/** Quantities in units of UCUM. */
const inUcum = (value: JsonObject): boolean =>
  needs(value, 'value', 'code') && (!has(value, 'system') || value['system'] === UCUM);

const QUANTITY_IN_UCUM = (key: string, more = (_: JsonObject): boolean => true): Invariant =>
  invariant(
    key,
    'la valeur demande un code d’UCUM qui convient',
    'the value needs a code of UCUM that fits',
    (value) => inUcum(value) && more(value),
  );

const ONE_OF_PATH_AND_PARAMETER = (key: string): Invariant =>
  invariant(
    key,
    'donnez path ou searchParam, un seul',
    'give path or searchParam, one of them',
    (value) => has(value, 'path') !== has(value, 'searchParam'),
  );

const isAtLeastZero = (value: unknown): boolean => typeof value !== 'number' || value >= 0;

const amountOf = (value: unknown): number | null =>
  typeof value === 'object' && value !== null && 'value' in value && typeof value.value === 'number'
    ? value.value
    : null;

/** R4 leaves it open. Of times that are none nothing is said here. */
const ENDS_AFTER_START: Invariant = {
  message: endsTooSoon('').message,
  holds: ({ start, end }) => !(Date.parse(String(start)) >= Date.parse(String(end))),
  at: 'end',
};

/** By the type, or by the element where that has parts of its own: `Timing.repeat`. */
export const INVARIANTS: Readonly<Record<string, readonly Invariant[]>> = {
  Age: [CODE_NEEDS_SYSTEM, QUANTITY_IN_UCUM('age-1', ({ value }) => typeof value !== 'number' || value > 0)],
  Appointment: [
    ENDS_AFTER_START,
    invariant(
      'app-2',
      'donnez start et end, ou ni l’un ni l’autre',
      'give both start and end, or neither',
      (value) => has(value, 'start') === has(value, 'end'),
    ),
    invariant(
      'app-3',
      'seul un rendez-vous proposé, annulé ou en liste d’attente peut être sans start ni end',
      'only an appointment that is proposed, cancelled or on a waiting list can be without start and end',
      (value) =>
        (has(value, 'start') && has(value, 'end')) ||
        ['proposed', 'cancelled', 'waitlist'].includes(String(value['status'])),
    ),
    invariant(
      'app-4',
      'cancelationReason va avec le statut cancelled ou noshow',
      'cancelationReason goes with the status cancelled or noshow',
      (value) =>
        !has(value, 'cancelationReason') || ['cancelled', 'noshow'].includes(String(value['status'])),
    ),
  ],
  'Appointment.participant': [
    invariant(
      'app-1',
      'donnez le type ou actor',
      'give the type or actor',
      (value) => has(value, 'type') || has(value, 'actor'),
    ),
  ],
  Attachment: [
    invariant('att-1', 'des données demandent leur contentType', 'data need their contentType', (value) =>
      needs(value, 'data', 'contentType'),
    ),
  ],
  ContactPoint: [
    invariant('cpt-2', 'une valeur demande son system', 'a value needs its system', (value) =>
      needs(value, 'value', 'system'),
    ),
  ],
  Count: [
    CODE_NEEDS_SYSTEM,
    QUANTITY_IN_UCUM(
      'cnt-3',
      ({ value, code }) =>
        (code === undefined || code === '1') && (typeof value !== 'number' || Number.isInteger(value)),
    ),
  ],
  'DataRequirement.codeFilter': [ONE_OF_PATH_AND_PARAMETER('drq-1')],
  'DataRequirement.dateFilter': [ONE_OF_PATH_AND_PARAMETER('drq-2')],
  Distance: [CODE_NEEDS_SYSTEM, QUANTITY_IN_UCUM('dis-1')],
  Duration: [
    CODE_NEEDS_SYSTEM,
    invariant(
      'drt-1',
      'un code demande une valeur et le système UCUM',
      'a code needs a value and the system UCUM',
      (value) => !has(value, 'code') || (value['system'] === UCUM && has(value, 'value')),
    ),
  ],
  Expression: [
    invariant(
      'exp-1',
      'donnez expression ou reference',
      'give expression or reference',
      (value) => has(value, 'expression') || has(value, 'reference'),
    ),
  ],
  Extension: [
    invariant(
      'ext-1',
      'donnez une valeur ou des extensions, pas les deux',
      'give a value or extensions, not both',
      (value) => has(value, 'extension') !== hasChoice(value, 'value'),
    ),
  ],
  'Patient.contact': [
    invariant(
      'pat-1',
      'donnez name, telecom, address ou organization',
      'give name, telecom, address or organization',
      (value) => ['name', 'telecom', 'address', 'organization'].some((name) => has(value, name)),
    ),
  ],
  Period: [
    invariant('per-1', 'la fin ne précède pas le début', 'the end does not come before the start', (value) =>
      isInOrder(value['start'], value['end']),
    ),
  ],
  Quantity: [CODE_NEEDS_SYSTEM],
  Range: [
    invariant('rng-2', 'low ne dépasse pas high', 'low is not above high', ({ low, high }) => {
      const [from, to] = [amountOf(low), amountOf(high)];
      return from === null || to === null || from <= to;
    }),
  ],
  Ratio: [
    invariant(
      'rat-1',
      'donnez numerator et denominator, ou une extension à leur place',
      'give both numerator and denominator, or an extension in their place',
      (value) =>
        has(value, 'numerator') === has(value, 'denominator') &&
        (has(value, 'numerator') || has(value, 'extension')),
    ),
  ],
  Slot: [ENDS_AFTER_START],
  'Timing.repeat': [
    invariant('tim-1', 'duration demande durationUnit', 'duration needs durationUnit', (value) =>
      needs(value, 'duration', 'durationUnit'),
    ),
    invariant('tim-2', 'period demande periodUnit', 'period needs periodUnit', (value) =>
      needs(value, 'period', 'periodUnit'),
    ),
    invariant('tim-4', 'duration n’est pas négatif', 'duration is not negative', ({ duration }) =>
      isAtLeastZero(duration),
    ),
    invariant('tim-5', 'period n’est pas négatif', 'period is not negative', ({ period }) =>
      isAtLeastZero(period),
    ),
    invariant('tim-6', 'periodMax demande period', 'periodMax needs period', (value) =>
      needs(value, 'periodMax', 'period'),
    ),
    invariant('tim-7', 'durationMax demande duration', 'durationMax needs duration', (value) =>
      needs(value, 'durationMax', 'duration'),
    ),
    invariant('tim-8', 'countMax demande count', 'countMax needs count', (value) =>
      needs(value, 'countMax', 'count'),
    ),
    invariant(
      'tim-9',
      'offset demande when, et autre que C, CM, CD ou CV',
      'offset needs when, other than C, CM, CD or CV',
      (value) => !has(value, 'offset') || isMealTime(value['when']),
    ),
    invariant(
      'tim-10',
      'timeOfDay ou when, pas les deux',
      'timeOfDay or when, not both',
      (value) => !(has(value, 'timeOfDay') && has(value, 'when')),
    ),
  ],
  TriggerDefinition: [
    invariant(
      'trd-1',
      'timing ou data, pas les deux',
      'timing or data, not both',
      (value) => !(has(value, 'data') && hasChoice(value, 'timing')),
    ),
    invariant('trd-2', 'condition demande data', 'condition needs data', (value) =>
      needs(value, 'condition', 'data'),
    ),
    invariant(
      'trd-3',
      'named-event demande name, periodic demande timing, data-… demande data',
      'named-event needs name, periodic needs timing, data-… needs data',
      (value) => {
        const type = String(value['type']);
        if (type === 'named-event') return has(value, 'name');
        if (type === 'periodic') return hasChoice(value, 'timing');
        return !type.startsWith('data-') || has(value, 'data');
      },
    ),
  ],
};

const isMealTime = (when: unknown): boolean =>
  Array.isArray(when) &&
  when.length > 0 &&
  !when.some((code) => ['C', 'CM', 'CD', 'CV'].includes(String(code)));

/** Dates may be partial: of two that overlap neither comes before the other. */
function isInOrder(start: unknown, end: unknown): boolean {
  if (typeof start !== 'string' || typeof end !== 'string') return true;
  const [from, to] = [Date.parse(start), Date.parse(end)];
  if (start.includes('T') && end.includes('T')) return !(from > to);
  const length = Math.min(start.length, end.length, 10);
  return start.slice(0, length) <= end.slice(0, length);
}
