import type { ElementDefinition, StructureDefinition } from 'fhir/r4.js';
import { EXTENSION, PROFILE, SYSTEM, VALUE_SET } from '../../mappings/fhir/canonical.ts';
import type { Bilingual } from '../../src/domain/schedule.ts';
import { type BaseDefinitions, VERSION } from './base.ts';
import { EXTENSIONS } from './extensions.ts';
import { type Change, type ElementsOf, snapshotOf } from './snapshot.ts';
import { OURS, said, titled } from './words.ts';

/** Slot, Schedule and Appointment as they are served here: what is always there, what may be, and with which codes. */

type Element = Change & ElementDefinition;

type Profile = {
  readonly type: keyof typeof PROFILE;
  readonly title: Bilingual;
  readonly description: Bilingual;
  readonly differential: readonly Element[];
};

/** A client that does not understand it does not understand the resource. */
const SUPPORT = { mustSupport: true } as const;

const changed = (id: string, change: Partial<ElementDefinition>): Element => ({
  ...change,
  id,
  path: pathOf(id),
});

/** An id without its names of slices. */
const pathOf = (id: string): string => id.replaceAll(/:[^.]+/g, '');

const once = (id: string, change: Partial<ElementDefinition> = {}): Element =>
  changed(id, { min: 1, max: '1', ...SUPPORT, ...change });

/** The list of extensions of an element, and a slice of it for each that it is known to have. */
function extended(
  element: string,
  ...slices: readonly (readonly [url: string, required?: 'required'])[]
): Element[] {
  const id = `${element}.extension`;
  const slicing: ElementDefinition['slicing'] = {
    discriminator: [{ type: 'value', path: 'url' }],
    ordered: false,
    rules: 'open',
  };
  const min = slices.filter(([, required]) => required !== undefined).length;
  return [
    changed(id, { slicing, min }),
    ...slices.map(([url, required]) => slice(id, url, required !== undefined)),
  ];
}

function slice(list: string, url: string, isRequired: boolean): Element {
  const found = EXTENSIONS.find((each) => each.url === url);
  if (!found) throw new RangeError(`${url} is not described`);
  const sliceName = found.name.charAt(0).toLowerCase() + found.name.slice(1);
  return changed(`${list}:${sliceName}`, {
    sliceName,
    ...said(found.title, found.description),
    min: isRequired ? 1 : 0,
    max: found.max,
    type: [{ code: 'Extension', profile: [url] }],
    ...SUPPORT,
  });
}

/** One of this installation's services, by one code. */
const ofService = (element: string): Element[] => [
  once(`${element}.serviceType`, { binding: { strength: 'required', valueSet: VALUE_SET.service } }),
  once(`${element}.serviceType.coding`),
  once(`${element}.serviceType.coding.system`, { fixedUri: SYSTEM.service }),
  once(`${element}.serviceType.coding.code`),
];

const startBeforeEnd = (key: string) => ({
  key,
  severity: 'error' as const,
  human: 'The end is after the start',
  expression: 'start < end',
});

const SLOT: Profile = {
  type: 'Slot',
  title: { fr: 'Plage de Passerelle', en: 'Passerelle slot' },
  description: {
    fr:
      'Une plage telle que ce serveur la sert, avec ce que A-2.2, r. 1, art. 4 exige de chaque plage. Ce que la ' +
      'plateforme n’a pas dit est absent; rien n’est deviné.',
    en:
      'A slot as this server serves it, with what A-2.2, r. 1, s. 4 wants of every slot. What the platform did not say ' +
      'is left out; nothing is guessed.',
  },
  differential: [
    changed('Slot', { constraint: [startBeforeEnd('passerelle-slot-1')] }),
    ...extended('Slot.meta', [EXTENSION.bookableFrom], [EXTENSION.lastConfirmed], [EXTENSION.stale]),
    ...extended(
      'Slot',
      [EXTENSION.availableSince],
      [EXTENSION.eligibility],
      [EXTENSION.reason],
      [EXTENSION.reorientation],
      [EXTENSION.mode],
      [EXTENSION.location, 'required'],
    ),
    ...ofService('Slot'),
    changed('Slot.appointmentType', {
      ...said(
        { fr: 'Le motif, s’il n’y en a qu’un', en: 'The reason, where there is just one' },
        {
          fr: 'Le motif de la consultation (A-2.2, r. 1, art. 4, par. 3), quand la plage est offerte pour un seul.',
          en: 'The reason of the consultation (A-2.2, r. 1, s. 4, par. 3), where the slot is offered for just one.',
        },
      ),
      ...SUPPORT,
      binding: { strength: 'required', valueSet: VALUE_SET.reason },
    }),
    once('Slot.schedule', { type: [{ code: 'Reference', targetProfile: [PROFILE.Schedule] }] }),
    once('Slot.status'),
    once('Slot.start'),
    once('Slot.end'),
    changed('Slot.comment', {
      ...said({
        fr: 'La page où la plage se réserve, si la plateforme en a une',
        en: 'The page where the slot is booked, if its platform has one',
      }),
      ...SUPPORT,
    }),
  ],
};

const SCHEDULE: Profile = {
  type: 'Schedule',
  title: { fr: 'Horaire de Passerelle', en: 'Passerelle schedule' },
  description: {
    fr: 'Un professionnel à un lieu pour un service, tel que ce serveur le sert.',
    en: 'A practitioner at a place for a service, as this server serves it.',
  },
  differential: [
    ...extended('Schedule', [EXTENSION.capacity, 'required']),
    once('Schedule.active'),
    ...ofService('Schedule'),
    changed('Schedule.actor', {
      ...said({
        fr: 'Le professionnel, le lieu et le service',
        en: 'The practitioner, the place and the service',
      }),
      min: 3,
      ...SUPPORT,
    }),
  ],
};

const APPOINTMENT: Profile = {
  type: 'Appointment',
  title: { fr: 'Rendez-vous de Passerelle', en: 'Passerelle appointment' },
  description: {
    fr: 'Un rendez-vous, ou une heure gardée, tel que ce serveur le sert.',
    en: 'An appointment, or a time that is held, as this server serves it.',
  },
  differential: [
    changed('Appointment', { constraint: [startBeforeEnd('passerelle-appointment-1')] }),
    ...extended('Appointment', [EXTENSION.heldUntil]),
    once('Appointment.status'),
    ...ofService('Appointment'),
    once('Appointment.start'),
    once('Appointment.end'),
    changed('Appointment.slot', {
      ...said({
        fr: 'La plage où il a été pris, si elle est connue',
        en: 'The slot that it was made on, where it is known',
      }),
      max: '1',
      ...SUPPORT,
      type: [{ code: 'Reference', targetProfile: [PROFILE.Slot] }],
    }),
    changed('Appointment.participant', { min: 2, ...SUPPORT }),
    once('Appointment.participant.actor'),
    once('Appointment.participant.status'),
  ],
};

export function resourceProfiles(
  base: BaseDefinitions,
  extensions: readonly StructureDefinition[],
): StructureDefinition[] {
  const elementsOf: ElementsOf = (typeOrUrl) =>
    extensions.find((each) => each.url === typeOrUrl)?.snapshot?.element ?? base.elements(typeOrUrl);
  return [SLOT, SCHEDULE, APPOINTMENT].map(({ type, title, description, differential }) => ({
    resourceType: 'StructureDefinition',
    id: `passerelle-${type.toLowerCase()}`,
    url: PROFILE[type],
    ...OURS,
    name: `Passerelle${type}`,
    ...titled(title, description),
    fhirVersion: VERSION,
    kind: 'resource',
    abstract: false,
    type,
    baseDefinition: base.structure(type).url,
    derivation: 'constraint',
    snapshot: { element: snapshotOf(base.elements(type), differential, elementsOf) },
    differential: { element: [...differential] },
  }));
}
