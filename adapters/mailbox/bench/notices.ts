import type { Instant } from '../../../src/domain/instant.ts';
import { MINUTE } from '../../../src/domain/instant.ts';
import type { Interval } from '../../../src/domain/interval.ts';
import { MAIL_SERVER } from './dovecot.ts';

/**
 * Notices as a made-up platform writes them, and what the clinic's mail server writes above them. All of it is made up: no real notice was
 * to be had. Dates are worded by the runtime (CLDR), so that they are not the adapter's own idea of how people write.
 */

export const PLATFORM = 'avis.plateforme-fictive.example';
export const CALENDAR = 'dr-tremblay';
export const FORMS = ['fr', 'en', 'invitation'] as const;
export type Form = (typeof FORMS)[number];

export type Told = {
  readonly kind: 'booked' | 'moved' | 'cancelled';
  readonly id: string;
  readonly interval: Interval;
  readonly zone: string;
  readonly at: Instant;
  readonly form: Form;
};

/** Settings of a connection that takes such notices. */
export const SENDERS = [
  { template: 'bonjour-sante-fr', domain: 'plateforme-fictive.example' },
  { template: 'bonjour-sante-en', domain: 'plateforme-fictive.example' },
  { template: 'invitation', domain: 'plateforme-fictive.example' },
];

export type Envelope = {
  readonly from: string;
  readonly date: string;
  readonly subject: string;
  readonly results: string | null;
  readonly signature: string | null;
  readonly type: string;
  readonly id: string;
  /** Header fields above all else. */
  readonly above: readonly string[];
};

const SIGNATURE = `v=1; a=rsa-sha256; c=relaxed/relaxed; d=plateforme-fictive.example; s=avis;\r\n\th=from:to:date:subject:content-type; bh=fictif=; b=c2lnbmF0dXJl`;

export const dateOf = (at: Instant): string => new Date(at).toUTCString().replace('GMT', '+0000');

/** A message as it lies in the mailbox. */
export function letter(body: string, at: Instant, envelope: Partial<Envelope> = {}): string {
  const written: Envelope = {
    from: `"Plateforme fictive" <ne-pas-repondre@${PLATFORM}>`,
    date: dateOf(at),
    subject: 'Nouveau rendez-vous',
    results: `${MAIL_SERVER};\r\n\tdkim=pass (2048-bit key) header.d=plateforme-fictive.example header.s=avis header.b=c2lnbmF0;\r\n\tspf=pass smtp.mailfrom=rebond@${PLATFORM};\r\n\tdmarc=pass (p=reject) header.from=${PLATFORM}`,
    signature: SIGNATURE,
    type: 'text/plain; charset=utf-8',
    id: `<${Math.random().toString(36).slice(2)}@${PLATFORM}>`,
    above: [],
    ...envelope,
  };
  const field = (name: string, value: string | null): string[] =>
    value === null ? [] : [`${name}: ${value}`];
  return [
    ...written.above,
    `Return-Path: <rebond@${PLATFORM}>`,
    'Received: from mx.clinique.example by imap.clinique.example with LMTP; Mon, 23 Nov 2026 12:00:00 +0000',
    ...field('Authentication-Results', written.results),
    `Received: from sortie.${PLATFORM} by mx.clinique.example with ESMTPS; Mon, 23 Nov 2026 12:00:00 +0000`,
    ...field('DKIM-Signature', written.signature),
    ...field('From', written.from),
    'To: rendez-vous@clinique.example',
    ...field('Date', written.date),
    ...field('Message-ID', written.id),
    ...field('Subject', written.subject),
    'MIME-Version: 1.0',
    ...field('Content-Type', written.type),
    '',
    body.replace(/\r?\n/g, '\r\n'),
    '',
  ].join('\r\n');
}

export function noticeText(told: Told, envelope: Partial<Envelope> = {}): string {
  const { kind, form } = told;
  if (form === 'invitation') return invitation(told, envelope);
  const [subject, body] = form === 'fr' ? french(told) : english(told);
  // The other half of a message in the platform's colours says the same.
  return letter(body, told.at, { subject: `${subject[kind]} – clinique fictive`, ...envelope });
}

type Worded = readonly [Record<Told['kind'], string>, string];

function french({ kind, id, interval: { start, end }, zone }: Told): Worded {
  const day = new Intl.DateTimeFormat('fr-CA', { dateStyle: 'full', timeZone: zone }).format(start);
  const time = new Intl.DateTimeFormat('fr-CA', {
    ...{ hour: 'numeric', minute: '2-digit', timeZoneName: 'short', timeZone: zone },
  }).format(start);
  const lines = [
    'Bonjour,',
    '',
    `No de confirmation : ${id}`,
    ...(kind === 'cancelled'
      ? []
      : [
          'Médecin : Dr Tremblay Fictif',
          `${kind === 'moved' ? 'Nouvelle date' : 'Date'} : ${day.replace(/ 1 /, ' 1er ')}`,
          `Heure : ${time}`,
          `Durée : ${(end - start) / MINUTE} minutes`,
        ]),
    'Patient : Hélène Fictive',
    'Motif : suivi',
  ];
  return [
    { booked: 'Nouveau rendez-vous', moved: 'Rendez-vous déplacé', cancelled: 'Rendez-vous annulé' },
    lines.join('\n'),
  ];
}

function english({ kind, id, interval: { start, end }, zone }: Told): Worded {
  const when = new Intl.DateTimeFormat('en-US', {
    ...{ weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' },
    ...{ hour: 'numeric', minute: '2-digit', timeZoneName: 'short', timeZone: zone },
  }).format(start);
  const lines = [
    `Confirmation number: ${id}`,
    ...(kind === 'cancelled'
      ? []
      : ['Doctor: Dr Tremblay Fictif', `Date and time: ${when}`, `Duration: ${(end - start) / MINUTE} min`]),
    'Patient: Helen Fictive',
  ];
  return [
    { booked: 'New appointment', moved: 'Appointment moved', cancelled: 'Appointment cancelled' },
    // The English labels of the date are one of the template's.
    lines.join('\n'),
  ];
}

const utc = (at: Instant): string => `${new Date(at).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;

function invitation({ kind, id, interval, at }: Told, envelope: Partial<Envelope>): string {
  const method = kind === 'cancelled' ? 'CANCEL' : 'REQUEST';
  const event = [
    ...['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Fictif//FR', `METHOD:${method}`, 'BEGIN:VEVENT'],
    ...[`UID:${id}`, `DTSTAMP:${utc(at)}`, `DTSTART:${utc(interval.start)}`, `DTEND:${utc(interval.end)}`],
    ...[
      `ORGANIZER;CN=Dr Tremblay Fictif:mailto:dr-tremblay@clinique.example`,
      'SUMMARY:Hélène Fictive',
      'SEQUENCE:0',
    ],
    ...['END:VEVENT', 'END:VCALENDAR'],
  ].join('\r\n');
  const body = [
    '--fictif',
    'Content-Type: text/plain; charset=utf-8',
    '',
    'Une invitation.',
    '--fictif',
    `Content-Type: text/calendar; charset=utf-8; method=${method}`,
    'Content-Transfer-Encoding: base64',
    '',
    Buffer.from(event).toString('base64').replace(/.{76}/g, '$&\r\n'),
    '--fictif--',
  ].join('\r\n');
  return letter(body, at, {
    subject: 'Invitation',
    type: 'multipart/alternative; boundary=fictif',
    ...envelope,
  });
}
