import type { ElementDefinition, StructureDefinition } from 'fhir/r4.js';
import { EXTENSION, VALUE_SET } from '../../mappings/fhir/canonical.ts';
import type { Bilingual } from '../../src/domain/schedule.ts';
import { type BaseDefinitions, VERSION } from './base.ts';
import { type Change, snapshotOf } from './snapshot.ts';
import { OURS, said, titled } from './words.ts';

/** The extensions of mappings/fhir/canonical.ts that are ours, as StructureDefinitions. */

type Simple = {
  readonly url: string;
  readonly name: string;
  readonly title: Bilingual;
  readonly description: Bilingual;
  /** FHIRPath of what it may be on. */
  readonly on: string;
  readonly type: 'code' | 'dateTime' | 'instant' | 'boolean' | 'positiveInt' | 'string' | 'Reference';
  /** How often on one thing. */
  readonly max: '1' | '*';
  readonly codes?: string;
  readonly targets?: readonly string[];
};

export const EXTENSIONS: readonly Simple[] = [
  {
    url: EXTENSION.availableSince,
    name: 'SlotAvailableSince',
    title: { fr: 'Offerte depuis', en: 'Available since' },
    description: {
      fr: 'Depuis quand la plage peut être réservée (A-2.2, r. 1, art. 4, par. 1).',
      en: 'Since when the slot may be booked (A-2.2, r. 1, s. 4, par. 1).',
    },
    on: 'Slot',
    type: 'dateTime',
    max: '1',
  },
  {
    url: EXTENSION.eligibility,
    name: 'SlotEligibility',
    title: { fr: 'Qui peut réserver', en: 'Who may book' },
    description: {
      fr: 'Qui peut réserver la plage; répétée (A-2.2, r. 1, art. 4, par. 2).',
      en: 'Who may book the slot; repeated (A-2.2, r. 1, s. 4, par. 2).',
    },
    on: 'Slot',
    type: 'code',
    max: '*',
    codes: VALUE_SET.eligibility,
  },
  {
    url: EXTENSION.reason,
    name: 'SlotReason',
    title: { fr: 'Motif de consultation', en: 'Reason of the consultation' },
    description: {
      fr: 'Pour quels motifs la plage est offerte; répétée (A-2.2, r. 1, art. 4, par. 3).',
      en: 'For which reasons the slot is offered; repeated (A-2.2, r. 1, s. 4, par. 3).',
    },
    on: 'Slot',
    type: 'code',
    max: '*',
    codes: VALUE_SET.reason,
  },
  {
    url: EXTENSION.reorientation,
    name: 'SlotReorientationSource',
    title: { fr: 'Source de réorientation', en: 'Reorientation source' },
    description: {
      fr: 'Qui dirige vers la plage les patients pour qui elle est offerte; répétée (A-2.2, r. 1, art. 4, par. 4).',
      en: 'Who sends the patients for whom the slot is offered; repeated (A-2.2, r. 1, s. 4, par. 4).',
    },
    on: 'Slot',
    type: 'code',
    max: '*',
    codes: VALUE_SET.reorientation,
  },
  {
    url: EXTENSION.mode,
    name: 'SlotMode',
    title: { fr: 'Mode de consultation', en: 'Mode of the consultation' },
    description: {
      fr: 'Comment le patient est vu (A-2.2, r. 1, art. 4, par. 5).',
      en: 'How the patient is seen (A-2.2, r. 1, s. 4, par. 5).',
    },
    on: 'Slot',
    type: 'code',
    max: '1',
    codes: VALUE_SET.mode,
  },
  {
    url: EXTENSION.location,
    name: 'SlotLocation',
    title: { fr: 'Lieu', en: 'Place' },
    description: {
      fr: 'Le lieu, qui porte son nom et ses coordonnées (A-2.2, r. 1, art. 4, par. 6).',
      en: 'The place, which has its name and contact details (A-2.2, r. 1, s. 4, par. 6).',
    },
    on: 'Slot',
    type: 'Reference',
    max: '1',
    targets: ['http://hl7.org/fhir/StructureDefinition/Location'],
  },
  {
    url: EXTENSION.heldUntil,
    name: 'AppointmentHeldUntil',
    title: { fr: 'Gardé jusqu’à', en: 'Held until' },
    description: {
      fr: 'Jusqu’à quand son heure est gardée, à moins qu’il ne soit réservé avant.',
      en: 'Until when its time is held, unless it is booked before.',
    },
    on: 'Appointment',
    type: 'instant',
    max: '1',
  },
  {
    url: EXTENSION.capacity,
    name: 'ScheduleCapacity',
    title: { fr: 'Capacité', en: 'Capacity' },
    description: { fr: 'Combien de patients à la fois.', en: 'How many patients at once.' },
    on: 'Schedule',
    type: 'positiveInt',
    max: '1',
  },
  {
    url: EXTENSION.lastConfirmed,
    name: 'LastConfirmed',
    title: { fr: 'Dernière confirmation', en: 'Last confirmed' },
    description: {
      fr: 'Quand la source a confirmé la plage pour la dernière fois.',
      en: 'When the source last confirmed the slot.',
    },
    on: 'Slot.meta',
    type: 'instant',
    max: '1',
  },
  {
    url: EXTENSION.stale,
    name: 'Stale',
    title: { fr: 'Périmée', en: 'Stale' },
    description: {
      fr: 'Vrai quand la dernière confirmation est plus ancienne que ne le permet la connexion ou l’horaire.',
      en: 'True when it was last confirmed longer ago than its connection or its schedule allows.',
    },
    on: 'Slot.meta',
    type: 'boolean',
    max: '1',
  },
  {
    url: EXTENSION.bookableFrom,
    name: 'BookableFrom',
    title: { fr: 'Réservable à partir de', en: 'Bookable from' },
    description: {
      fr: 'À partir de quand la plage libre peut être réservée, si ce moment est à venir.',
      en: 'From when the free slot may be booked, where that is still to come.',
    },
    on: 'Slot.meta',
    type: 'instant',
    max: '1',
  },
  {
    url: EXTENSION.webhookSecret,
    name: 'WebhookSecret',
    title: { fr: 'Secret des notifications', en: 'Secret of the notifications' },
    description: {
      fr: 'Le secret qui signe les notifications (Standard Webhooks); seulement dans la réponse à qui crée l’abonnement.',
      en: 'What signs the notifications (Standard Webhooks); only in the answer to who creates the subscription.',
    },
    on: 'Subscription.channel',
    type: 'string',
    max: '1',
  },
];

export const extensionProfiles = (base: BaseDefinitions): StructureDefinition[] =>
  EXTENSIONS.map((each) => {
    const differential = changesOf(each);
    const { structure } = base;
    return {
      resourceType: 'StructureDefinition',
      id: each.url.slice(each.url.lastIndexOf('/') + 1),
      url: each.url,
      ...OURS,
      name: each.name,
      ...titled(each.title, each.description),
      fhirVersion: VERSION,
      kind: 'complex-type',
      abstract: false,
      context: [{ type: 'element', expression: each.on }],
      type: 'Extension',
      baseDefinition: structure('Extension').url,
      derivation: 'constraint',
      snapshot: { element: snapshotOf(base.elements('Extension'), differential, base.elements) },
      differential: { element: differential },
    };
  });

type Changes = (Change & ElementDefinition)[];

function changesOf({ url, title, description, type, max, codes, targets }: Simple): Changes {
  return [
    { id: 'Extension', path: 'Extension', ...said(title, description), min: 0, max },
    { id: 'Extension.extension', path: 'Extension.extension', max: '0' },
    { id: 'Extension.url', path: 'Extension.url', fixedUri: url },
    {
      id: 'Extension.value[x]',
      path: 'Extension.value[x]',
      ...said(title, description),
      min: 1,
      type: [{ code: type, ...(targets ? { targetProfile: [...targets] } : {}) }],
      ...(codes ? { binding: { strength: 'required', valueSet: codes } } : {}),
    },
  ];
}
