import type { AuditEvent, AuditEventAgent, AuditEventEntity, Coding } from 'fhir/r4.js';
import { formatInstant } from '../../src/domain/instant.ts';
import type { AuditOutcome, AuditRecord, AuditType } from '../../src/engine/ports/audit.ts';
import { CANONICAL, SYSTEM } from './canonical.ts';

/**
 * A record of the audit log as AuditEvent: codes and agents of IHE BALP (Basic Audit Log Patterns) and, for $find, $hold and $book,
 * of IHE ITI Scheduling. Of BALP's query there is no text here, since what was searched for may name a patient.
 */

const DICOM = 'http://dicom.nema.org/resources/ontology/DCM';
const EVENT_TYPE = 'http://terminology.hl7.org/CodeSystem/audit-event-type';
const INTERACTION = 'http://hl7.org/fhir/restful-interaction';
const IHE_TRANSACTION = 'urn:ihe:event-type-code';
const ENTITY_TYPE = 'http://terminology.hl7.org/CodeSystem/audit-entity-type';
const OBJECT_ROLE = 'http://terminology.hl7.org/CodeSystem/object-role';
const PURPOSE = 'http://terminology.hl7.org/CodeSystem/v3-ActReason';
const PARTICIPATION = 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType';
const BALP_ENTITY = 'https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType';

const coding = (system: string, code: string, display: string): Coding => ({ system, code, display });
const dicom = (code: string, display: string): Coding => coding(DICOM, code, display);

const REST = coding(EVENT_TYPE, 'rest', 'Restful Operation');
const ACTIVITY = dicom('110100', 'Application Activity');
const LOG_USED = dicom('110101', 'Audit Log Used');
const PATIENT_RECORD = dicom('110110', 'Patient Record');
const ALERT = dicom('110113', 'Security Alert');
const AUTHENTICATION = dicom('110114', 'User Authentication');
const LOGIN = dicom('110122', 'Login');
const ATTRIBUTES = dicom('110137', 'User Security Attributes Changed');

const interaction = (code: string): Coding => coding(INTERACTION, code, code);
const ihe = (code: string, display: string): Coding => coding(IHE_TRANSACTION, code, display);

type Kind = { readonly type: Coding; readonly subtype: readonly Coding[] };
const rest = (...subtype: Coding[]): Kind => ({ type: REST, subtype });
const of = (type: Coding, ...subtype: Coding[]): Kind => ({ type, subtype });

const KINDS: Readonly<Record<AuditType, Kind>> = {
  'rest.read': rest(interaction('read')),
  'rest.vread': rest(interaction('vread')),
  'rest.search': rest(interaction('search-type')),
  'rest.history': rest(interaction('history')),
  'rest.create': rest(interaction('create')),
  'rest.update': rest(interaction('update')),
  'rest.patch': rest(interaction('patch')),
  'rest.delete': rest(interaction('delete')),
  'rest.operation': rest(interaction('operation')),
  'appointment.find': rest(interaction('create'), ihe('ITI-115', 'Find Potential Appointments')),
  'appointment.hold': rest(interaction('create'), ihe('ITI-116', 'Hold Appointment')),
  'appointment.book': rest(interaction('create'), ihe('ITI-117', 'Book Appointment')),
  'access.unauthenticated': of(AUTHENTICATION, LOGIN),
  'access.forbidden': of(ALERT),
  'access.throttled': of(ALERT),
  'access.token-issued': of(AUTHENTICATION, LOGIN),
  'access.token-refused': of(AUTHENTICATION, LOGIN),
  'access.sign-in': of(AUTHENTICATION, LOGIN),
  'access.sign-in-refused': of(AUTHENTICATION, LOGIN),
  'token.created': of(ALERT, ATTRIBUTES),
  'token.revoked': of(ALERT, ATTRIBUTES),
  'user.created': of(ALERT, ATTRIBUTES),
  'user.changed': of(ALERT, ATTRIBUTES),
  'webhook.refused': of(ALERT, dicom('110126', 'Node Authentication')),
  'connection.read': of(ACTIVITY),
  'connection.confirmed': of(ACTIVITY),
  'connection.paused': of(ACTIVITY),
  'connection.resumed': of(ACTIVITY),
  'conflict.resolved': of(ACTIVITY),
  'task.told': of(ACTIVITY),
  'list.imported': of(ACTIVITY),
  'agenda.read': of(PATIENT_RECORD),
  'time.closed': of(ACTIVITY),
  'time.opened': of(ACTIVITY),
  'appointment.placed': of(PATIENT_RECORD),
  'appointment.moved': of(PATIENT_RECORD),
  'rejected.opened': of(PATIENT_RECORD),
  'contingency.read': of(PATIENT_RECORD),
  'gateway.started': of(ACTIVITY, dicom('110120', 'Application Start')),
  'gateway.stopped': of(ACTIVITY, dicom('110121', 'Application Stop')),
  'configuration.changed': of(ALERT, dicom('110131', 'Software Configuration')),
  'configuration.tried': of(ACTIVITY),
  'key.changed': of(ALERT, dicom('110129', 'Security Configuration')),
  'backup.made': of(ACTIVITY),
  'person.exported': of(PATIENT_RECORD),
  'person.erased': of(PATIENT_RECORD),
  'audit.verified': of(LOG_USED),
  'audit.exported': of(LOG_USED),
  'incident.recorded': of(ALERT),
  'incident.read': of(ALERT),
};

/** AuditEvent.outcome (R4, audit-event-outcome): 0 success, 4 minor failure, 8 serious failure. */
const OUTCOMES: Readonly<Record<AuditOutcome, NonNullable<AuditEvent['outcome']>>> = {
  done: '0',
  refused: '4',
  failed: '8',
};

/** The outcome that has this code; undefined = none. */
export const auditOutcomeOf = (code: string): AuditOutcome | undefined =>
  (Object.keys(OUTCOMES) as AuditOutcome[]).find((outcome) => OUTCOMES[outcome] === code);

/** What has this code as its type or its subtype. @param system null = any. */
export const auditTypesOf = (system: string | null, code: string): AuditType[] =>
  (Object.keys(KINDS) as AuditType[]).filter((name) =>
    [KINDS[name].type, ...subtypesOf(name)].some(
      (each) => each.code === code && (system === null || each.system === system),
    ),
  );

const subtypesOf = (type: AuditType): Coding[] => [
  ...KINDS[type].subtype,
  { system: SYSTEM.audit, code: type },
];

/** The place in the chain, of one length, so that ids are in the order of the records as texts too. */
export const auditEventId = (sequence: number): string => String(sequence).padStart(12, '0');

/** Null = it is no id of ours. */
export const sequenceIn = (id: string): number | null =>
  /^\d{12,15}$/.test(id) && auditEventId(Number(id)) === id ? Number(id) : null;

export const OUTCOME_CODES = Object.values(OUTCOMES);

/** @param base of this server, as its clients call it. */
export function auditEventResource(record: AuditRecord, base: string): AuditEvent {
  const { type, action, outcome, sequence, at, detail, purpose } = record;
  const { refusal } = detail;
  return {
    resourceType: 'AuditEvent',
    id: auditEventId(sequence),
    meta: { versionId: '1', lastUpdated: formatInstant(at) },
    type: KINDS[type].type,
    subtype: subtypesOf(type),
    action,
    recorded: formatInstant(at),
    outcome: OUTCOMES[outcome],
    ...(refusal === undefined ? {} : { outcomeDesc: refusal }),
    ...(purpose === null ? {} : { purposeOfEvent: [{ coding: [{ system: PURPOSE, code: purpose }] }] }),
    agent: [...askingAgents(record), serverAgent(record, base)],
    source: {
      observer: OBSERVER,
      type: [coding('http://terminology.hl7.org/CodeSystem/security-source-type', '4', 'Application Server')],
    },
    ...entitiesOf(record),
  };
}

const OBSERVER = { identifier: { system: SYSTEM.principal, value: 'gateway' }, display: 'Passerelle' };

const SOURCE = dicom('110153', 'Source Role ID');
const DESTINATION = dicom('110152', 'Destination Role ID');

/** BALP: of a read the data flow from the server to the client; of all else the request is what flows. */
const isRead = ({ action }: AuditRecord): boolean => action === 'R';

/** Who asks; a person apart from the machine they are at. */
function askingAgents(record: AuditRecord): AuditEventAgent[] {
  const { agent, name, address, purpose, organizationId } = record;
  const who =
    agent === null
      ? { display: 'unknown' }
      : { identifier: { system: SYSTEM.principal, value: agent }, ...(name ? { display: name } : {}) };
  const why = purpose === null ? {} : { purposeOfUse: [{ coding: [{ system: PURPOSE, code: purpose }] }] };
  const isPerson = agent?.startsWith('user:') ?? false;
  const client: AuditEventAgent = {
    type: { coding: [isRead(record) ? DESTINATION : SOURCE] },
    who: isPerson ? { display: 'unknown' } : who,
    ...(isPerson || !name ? {} : { name }),
    requestor: !isPerson,
    ...(address === null ? {} : { network: { address, type: '2' } }),
    ...(isPerson ? {} : why),
  };
  const organization: AuditEventAgent[] =
    organizationId === null
      ? []
      : [
          {
            type: {
              coding: [
                coding('http://terminology.hl7.org/CodeSystem/v3-RoleClass', 'PROV', 'healthcare provider'),
              ],
            },
            who: { reference: `Organization/${organizationId}` },
            requestor: false,
          },
        ];
  if (!isPerson) return [client, ...organization];
  const person: AuditEventAgent = {
    type: { coding: [coding(PARTICIPATION, 'IRCP', 'information recipient')] },
    who,
    ...(name ? { name } : {}),
    requestor: true,
    ...why,
  };
  return [client, person, ...organization];
}

const serverAgent = (record: AuditRecord, base: string): AuditEventAgent => ({
  type: { coding: [isRead(record) ? SOURCE : DESTINATION] },
  who: OBSERVER,
  requestor: false,
  network: { address: base, type: '5' },
});

const PERSON = coding(ENTITY_TYPE, '1', 'Person');
const OBJECT = coding(ENTITY_TYPE, '2', 'System Object');
const IS_RESOURCE = /^(Patient|Appointment|Slot|Schedule|Subscription|AuditEvent)\//;

function entitiesOf({ entities, requestId, detail }: AuditRecord): Pick<AuditEvent, 'entity'> {
  const words = Object.entries(detail);
  const entity: AuditEventEntity[] = [
    ...entities.map(entityOf),
    ...(requestId === null
      ? []
      : [{ what: { identifier: { value: requestId } }, type: { system: BALP_ENTITY, code: 'XrequestId' } }]),
    ...(words.length === 0
      ? []
      : [{ type: OBJECT, detail: words.map(([type, value]) => ({ type, valueString: value })) }]),
  ];
  // FHIR JSON has no empty arrays (R4, json.html, 2.6.2).
  return entity.length === 0 ? {} : { entity };
}

function entityOf(path: string): AuditEventEntity {
  if (path.startsWith('Patient/')) {
    return { what: { reference: path }, type: PERSON, role: coding(OBJECT_ROLE, '1', 'Patient') };
  }
  if (IS_RESOURCE.test(path)) {
    return { what: { reference: path }, type: OBJECT, role: coding(OBJECT_ROLE, '4', 'Domain Resource') };
  }
  const [kind = '', id = ''] = path.split(/\/(.*)/s);
  return {
    what: { identifier: { system: `${CANONICAL}/${kind.toLowerCase()}`, value: id } },
    type: OBJECT,
    role: coding(OBJECT_ROLE, '13', 'Security Resource'),
  };
}
