/** Every URL by which FHIR content of ours is named. They are names: nothing has to answer there. */
export const CANONICAL = 'https://passerelle.example/fhir';

const extension = (name: string): string => `${CANONICAL}/StructureDefinition/${name}`;
const codeSystem = (name: string): string => `${CANONICAL}/CodeSystem/${name}`;

/** Extensions, the first six for what, r. 1, s. 4 wants of a slot and R4 has no element for. */
export const EXTENSION = {
  /** dateTime: since when the slot may be booked (par. 1). */
  availableSince: extension('slot-available-since'),
  /** code, repeated: who may book it (par. 2). */
  eligibility: extension('slot-eligibility'),
  /** code, repeated: for which reasons (par. 3). */
  reason: extension('slot-reason'),
  /** code, repeated: for patients sent by whom (par. 4). */
  reorientation: extension('slot-reorientation-source'),
  /** code: how the patient is seen (par. 5). */
  mode: extension('slot-mode'),
  /** Reference(Location): the place, which holds its contact details (par. 6). */
  location: extension('slot-location'),
  /** instant on Appointment: until when its time is held, unless it is booked before. */
  heldUntil: extension('appointment-held-until'),
  /** positiveInt on Schedule: how many patients at once. */
  capacity: extension('schedule-capacity'),
  /** instant in Slot.meta: when the source last confirmed the slot. */
  lastConfirmed: extension('last-confirmed'),
  /** boolean in Slot.meta: true when that is longer ago than the connection's or the schedule's freshness limit. */
  stale: extension('stale'),
  /** instant in Slot.meta: from when a free slot may be booked, where that is still to come. */
  bookableFrom: extension('bookable-from'),
  /** string on Subscription.channel: what its notifications are signed with, in the answer of a create only. */
  webhookSecret: extension('webhook-secret'),
  /** HL7's own: the same text in another language. */
  translation: 'http://hl7.org/fhir/StructureDefinition/translation',
  /** HL7's own: the IANA zone of a place. */
  timeZone: 'http://hl7.org/fhir/StructureDefinition/timezone',
} as const;

export const SYSTEM = {
  eligibility: codeSystem('eligibility'),
  reason: codeSystem('reason'),
  reorientation: codeSystem('reorientation-source'),
  mode: codeSystem('mode'),
  /** The services of this installation's configuration. */
  service: codeSystem('service'),
  /** What is recorded, as the audit log calls it. */
  audit: codeSystem('audit-event'),
  /** Kind and id of who asks. */
  principal: `${CANONICAL}/principal`,
  /** Numéro d'assurance maladie, as the Canadian Baseline names it (HL7-Canada/ca-baseline, profile-patient). */
  nam: 'https://fhir.infoway-inforoute.ca/NamingSystem/ca-qc-patient-healthcare-id',
} as const;

const valueSet = (name: string): string => `${CANONICAL}/ValueSet/${name}`;

/** Each has all codes of the system of the same name. */
export const VALUE_SET = {
  eligibility: valueSet('eligibility'),
  reason: valueSet('reason'),
  reorientation: valueSet('reorientation-source'),
  mode: valueSet('mode'),
  service: valueSet('service'),
} as const;

const profile = (name: string): string => `${CANONICAL}/StructureDefinition/${name}`;

/** What the resources that are served here conform to. */
export const PROFILE = {
  Slot: profile('passerelle-slot'),
  Schedule: profile('passerelle-schedule'),
  Appointment: profile('passerelle-appointment'),
} as const;

const registry = (name: string): string =>
  `http://fhir-registry.smarthealthit.org/StructureDefinition/${name}`;

/** Extensions of SMART Scheduling Links on Slot (smart-on-fhir/smart-scheduling-links, specification.md, Slot File). */
export const SCHEDULING_LINKS = {
  /** url: where the patient begins to book this very slot. */
  deepLink: registry('booking-deep-link'),
  /** string: whom the patient calls to book it. */
  phone: registry('booking-phone'),
  /** integer: how many patients at once. */
  capacity: registry('slot-capacity'),
} as const;

/** Meta.source of what a connection offers. */
export const connectionUrl = (connectionId: string): string =>
  `${CANONICAL}/connection/${encodeURIComponent(connectionId)}`;
