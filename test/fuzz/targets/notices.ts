import { MAIL_SERVER } from '../../../adapters/mailbox/bench/dovecot.ts';
import { CALENDAR, FORMS, letter, noticeText, SENDERS } from '../../../adapters/mailbox/bench/notices.ts';
import { judge } from '../../../adapters/mailbox/judge.ts';
import { Settings } from '../../../adapters/mailbox/manifest.ts';
import { readDuration, readMoment } from '../../../adapters/mailbox/moment.ts';
import { HOUR, instant, MINUTE, plus } from '../../../src/domain/instant.ts';
import { must, type Target } from '../harness/target.ts';
import { spoiltText } from '../inputs/text.ts';

/** Notices by e-mail: whatever a message is, what is made of it is bounded, is time, and says nothing of who comes. */

const NOW = instant(Date.parse('2026-11-23T12:00:00Z'));
const START = instant(Date.parse('2026-12-01T14:20:00Z'));
const SETTINGS = Settings.parse({
  title: 'Plateforme fictive',
  host: 'imap.clinique.example',
  auth: { kind: 'password', username: 'u', password: 'p' },
  authentication: { server: MAIL_SERVER },
  senders: SENDERS.map((sender) => ({ ...sender, proof: ['dkim', 'spf', 'dmarc'], minutes: 20 })),
  agendas: { 'Dr Tremblay Fictif': CALENDAR, 'dr-tremblay@clinique.example': CALENDAR },
});

const SAMPLES = [
  ...FORMS.flatMap((form) =>
    (['booked', 'moved', 'cancelled'] as const).map((kind) =>
      noticeText({
        ...{ kind, form, id: 'FICTIF-1', zone: 'America/Toronto', at: NOW },
        interval: { start: START, end: plus(START, 20 * MINUTE) },
      }),
    ),
  ),
  letter('<table><tr><td>No de confirmation</td><td>X</td></tr></table><p hidden>Date : x</p>', NOW, {
    type: 'text/html; charset=utf-8',
  }),
];
const WORDS = [
  ...[
    '\r\n',
    '\r\n\r\n',
    '\r\n ',
    '--fictif',
    ':',
    ';',
    '=',
    '(',
    ')',
    '"',
    '\\',
    '<',
    '>',
    '@',
    '=?utf-8?q?=C3=A9?=',
  ],
  ...[
    'From: x@y.example',
    'Authentication-Results: ',
    'dkim=pass',
    'header.d=',
    'dmarc=fail',
    'l=1',
    'BEGIN:VEVENT',
  ],
  ...[
    'Heure :',
    'à 25 h',
    '12 am',
    '1er',
    'mar',
    'HNE',
    '1 h 30',
    'charset=x',
    'base64',
    'quoted-printable',
    'message/rfc822',
  ],
];

async function read(text: string): Promise<string> {
  readMoment(text, 'dmy');
  readDuration(text);
  const { folder, news } = await judge(Buffer.from(text), {
    settings: SETTINGS,
    now: NOW,
    zoneOf: (calendar) => (calendar === CALENDAR ? 'America/Toronto' : null),
  });
  must(news.rows.length + news.removed.length <= 2, 'more than one notice in a message');
  for (const row of news.rows) {
    must(Number.isSafeInteger(row.interval.start) && row.interval.start < row.interval.end, 'no time');
    must(row.interval.end - row.interval.start <= 25 * HOUR, 'an interval without measure');
    must(row.calendar === CALENDAR, 'another calendar');
  }
  for (const { externalId, sequence } of [...news.rows, ...news.removed]) {
    must(externalId !== '' && externalId.length <= 200 && !externalId.includes('\0'), 'no id');
    must(Number.isSafeInteger(sequence), 'an order that is none');
  }
  for (const { reason } of news.rejected) must(reason.length < 200, 'a reason without measure');
  must(folder !== 'refused' || news.rows.length + news.removed.length === 0, 'refused, and heard');
  return folder;
}

export const notices: Target<string> = {
  name: 'notices',
  open: async () => ({ inputs: spoiltText(SAMPLES, WORDS), run: read }),
};
