import type { PatientDetails } from '../../src/adapter/contract.ts';
import { type Mark, subjectOf } from '../../src/adapter/observation.ts';
import { type Instant, MINUTE } from '../../src/domain/instant.ts';
import type { Interval } from '../../src/domain/interval.ts';
import type { Settings } from './manifest.ts';
import { escaped } from './message.ts';
import { NAMESPACE, type Resource } from './normalize.ts';
import { writeTime } from './time.ts';

/** Our SIU messages (HL7 v2.5.1, chapter 10). Nothing of a patient is in any but the one that books. */

export type Event = 'S12' | 'S13' | 'S15' | 'S23' | 'S24';

export type Outgoing = {
  readonly event: Event;
  readonly calendar: string;
  /** Whose it is: a mark of ours, or an id that the record gave. */
  readonly externalId: string;
  /** Null where something ends. */
  readonly interval: Interval | null;
  readonly patient: PatientDetails | null;
};

/** SCH-25 (table 0278). */
const STATUS: Record<Event, string> = {
  S12: 'Booked',
  S13: 'Booked',
  S15: 'Cancelled',
  S23: 'Blocked',
  S24: 'Deleted',
};

const PLACER = 'placer:';

/** SCH-1 and SCH-2. */
function idsOf(externalId: string): [placer: string, filler: string] {
  const ours = subjectOf(externalId as Mark);
  if (ours !== null) return [`${ours}^${NAMESPACE}`, ''];
  return externalId.startsWith(PLACER)
    ? [escaped(externalId.slice(PLACER.length)), '']
    : ['', escaped(externalId)];
}

/**
 * @param controlId MSH-10, of this sending alone: a receiver that remembers the ids it has taken would else take a time that
 * comes back for a repetition.
 */
export function write(outgoing: Outgoing, controlId: string, settings: Settings, at: Instant): Buffer {
  const { event, calendar, externalId, interval, patient } = outgoing;
  const [placer, filler] = idsOf(externalId);
  const { sender, receiver, processingId } = settings;
  const names = [sender.application, sender.facility, receiver.application, receiver.facility].map(escaped);
  const [start, end] = interval ? [writeTime(interval.start), writeTime(interval.end)] : ['', ''];
  const minutes = interval ? String((interval.end - interval.start) / MINUTE) : '';
  const unit = interval ? 'min' : '';
  const resource: Resource = settings.resources[0] ?? 'AIP';
  const time = [start, '', '', minutes, unit];
  const segments: (readonly string[])[] = [
    // MSH-18 is MSH|^~\\&| … with the separator itself as MSH-1, so one place sooner.
    [
      'MSH',
      '^~\\&',
      ...names,
      writeTime(at),
      '',
      `SIU^${event}^SIU_S12`,
      controlId,
      processingId,
      '2.5.1',
      '',
      '',
      '',
      '',
      'CAN',
      'UNICODE UTF-8',
    ],
    [
      'SCH',
      placer,
      filler,
      '',
      '',
      '',
      event,
      '',
      '',
      minutes,
      unit,
      interval ? `^^^${start}^${end}` : '',
      '',
      '',
      '',
      '',
      '',
      '',
      '',
      '',
      '',
      '',
      '',
      '',
      '',
      STATUS[event],
    ],
    ['TQ1', '1', '', '', '', '', '', start, end],
    ...(patient ? [person(patient)] : []),
    ['RGS', '1', 'A'],
    resource === 'AIG'
      ? ['AIG', '1', 'A', escaped(calendar), '', '', '', '', ...time]
      : [resource, '1', 'A', escaped(calendar), '', '', ...time],
  ];
  return Buffer.from(
    `${segments.map((fields) => fields.slice(0, fields.findLastIndex((field) => field !== '') + 1).join('|')).join('\r')}\r`,
    'utf8',
  );
}

/** What the record needs to know who comes: NAM as the identifier, name, date of birth, telephone, address for mail. */
function person({ family, given, nam, birthDate, phone, email }: PatientDetails): string[] {
  const number = nam === null ? '' : `${escaped(nam)}^^^RAMQ^JHN`;
  const name = `${escaped(family)}^${escaped(given)}^^^^^L`;
  const reached = [
    ...(phone === null ? [] : [`${escaped(phone)}^PRN^PH`]),
    ...(email === null ? [] : [`^NET^Internet^${escaped(email)}`]),
  ].join('~');
  const born = (birthDate ?? '').replaceAll('-', '');
  return ['PID', '1', '', number, '', name, '', born, '', '', '', '', '', reached];
}
