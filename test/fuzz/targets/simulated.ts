import { sign as signVendor } from '../../../adapters/bonjour-sante/signature.ts';
import { bonjourSante } from '../../../adapters/bonjour-sante/simulator/platform.ts';
import { simulator as calCom } from '../../../adapters/cal-com/conformance.ts';
import { sign as signCalCom } from '../../../adapters/cal-com/signature.ts';
import { calCom as calComPlatform } from '../../../adapters/cal-com/simulator/platform.ts';
import { simulator as easy } from '../../../adapters/easy-appointments/conformance.ts';
import { easyAppointments } from '../../../adapters/easy-appointments/simulator/platform.ts';
import { simulator as openmrs } from '../../../adapters/openmrs-appointments/conformance.ts';
import { openmrs as openmrsPlatform } from '../../../adapters/openmrs-appointments/simulator/platform.ts';
import { simulator as oscar } from '../../../adapters/oscar/conformance.ts';
import { oscar as oscarPlatform } from '../../../adapters/oscar/simulator/platform.ts';
import { rvsq } from '../../../adapters/rvsq/simulator/platform.ts';
import type { WebhookRequest } from '../../../src/adapter/contract.ts';
import type { SimulatorTarget } from '../../../src/conformance/simulator-target.ts';
import { parseInstant } from '../../../src/domain/instant.ts';
import { openings, regionalAgenda, vendorAgenda } from '../../described/examples.ts';
import type { Stage } from './platforms.ts';

/** Stages that are those of the conformance suite: the simulator, and settings that work there. */

const SECRET = 'made-up-secret-of-the-fuzzer';
const ACTOR = 'dr-tremblay';

const staged = (
  { start, settings }: SimulatorTarget,
  { calendarOf }: { readonly calendarOf: (actor: string) => string },
  words: readonly string[],
): Stage => ({
  simulator: start,
  settings: (baseUrl) => {
    const own = settings(baseUrl);
    return 'webhookSecret' in own ? { ...own, webhookSecret: SECRET } : own;
  },
  calendar: calendarOf(ACTOR),
  words,
});

export const SIMULATED: Readonly<Record<string, Stage>> = {
  'cal-com': staged(calCom, calComPlatform, [
    ...['data', 'pagination', 'uid', 'status', 'accepted', 'cancelled', 'start', 'end', 'metadata', 'hosts'],
    ...['hasNextPage', 'eventTypeId', 'reservationUid'],
  ]),
  'easy-appointments': staged(easy, easyAppointments, [
    ...['id', 'start', 'end', 'notes', 'providerId', 'serviceId', 'customerId', 'status', 'timezone'],
    ...['workingPlan', 'breaks', '2026-11-01 01:30:00', '2027-03-14 02:30:00'],
  ]),
  'openmrs-appointments': staged(openmrs, openmrsPlatform, [
    ...['uuid', 'appointmentNumber', 'status', 'Scheduled', 'WaitList', 'startDateTime', 'endDateTime'],
    ...['providers', 'comments', '2026-11-24T14:20:00.000+0000', '1795530000000'],
  ]),
  oscar: staged(oscar, oscarPlatform, [
    ...['patients', 'appointmentNo', 'startTime', 'duration', 'status', 'notes', 'providerNo'],
    ...['12:00 AM', '12:59 PM', '13:00 PM', '11:59 pm', '0:00 AM'],
  ]),
  // Descriptions, which one interpreter reads.
  'regional-agenda': staged(regionalAgenda, rvsq, [
    ...['records', 'next', 'changes', 'cursor', 'hasMore', 'isDeleted', 'type', 'activity', 'lockedUntilUtc'],
    ...['dateUtc', 'duration', 'origins', 'consultingReasons', 'uid', 'externalReference'],
  ]),
  'vendor-agenda': staged(vendorAgenda, bonjourSante, [
    ...['elements', 'suite', 'genre', 'plage', 'statut', 'supprime', 'debut', 'fin', 'version', 'motifs'],
  ]),
  openings: staged(openings, { calendarOf: (actor) => actor }, [
    ...[
      'grid',
      'number',
      'date',
      'time',
      'length',
      'state',
      '01/11/2026',
      '01:30',
      'begins',
      'ends',
      'status',
    ],
  ]),
};

type Sender = {
  readonly deliver: (body: string) => WebhookRequest;
  readonly samples: () => readonly unknown[];
};

export const SENDERS: Readonly<Record<string, Sender>> = {
  'vendor-agenda': {
    deliver: (body) => ({
      headers: signVendor(SECRET, body, parseInstant('2026-11-23T12:00:00Z')),
      body: Buffer.from(body),
    }),
    samples: () => [
      { type: 'suppression', emisLe: 'x', element: { genre: 'plage', id: 'p-1', version: 3 } },
      {
        type: 'modification',
        element: {
          ...{ genre: 'reservation', id: 'r-1', agendaId: 'agenda-1', version: 4, statut: 'confirmee' },
          ...{ debut: '2026-11-24T14:00:00Z', fin: '2026-11-24T14:15:00Z', referenceExterne: null },
        },
      },
    ],
  },
  'cal-com': {
    deliver: (body) => ({
      headers: { 'x-cal-signature-256': signCalCom(SECRET, body) },
      body: Buffer.from(body),
    }),
    samples: () => [
      {
        triggerEvent: 'BOOKING_CREATED',
        createdAt: '2026-11-23T12:00:00.000Z',
        payload: { uid: 'x', attendees: [] },
      },
    ],
  },
  'easy-appointments': {
    deliver: (body) => ({ headers: { 'x-ea-token': SECRET }, body: Buffer.from(body) }),
    samples: () => [{ action: 'appointment_save', payload: { id: 12, id_users_provider: 4 } }],
  },
};
