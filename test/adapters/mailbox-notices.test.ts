import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import mailbox from '../../adapters/mailbox/adapter.ts';
import { MAIL_SERVER } from '../../adapters/mailbox/bench/dovecot.ts';
import {
  CALENDAR,
  dateOf,
  type Envelope,
  letter,
  noticeText,
  SENDERS,
} from '../../adapters/mailbox/bench/notices.ts';
import { seenIn } from '../../adapters/mailbox/html.ts';
import { judge, type Verdict } from '../../adapters/mailbox/judge.ts';
import { dateIn, domainOf } from '../../adapters/mailbox/letter.ts';
import { Settings } from '../../adapters/mailbox/manifest.ts';
import { instantOf, readDuration, readMoment } from '../../adapters/mailbox/moment.ts';
import rvsq from '../../adapters/rvsq/adapter.ts';
import { ConfigurationError } from '../../src/config/problems.ts';
import { parseConfiguration } from '../../src/config/read-configuration.ts';
import { DAY, formatInstant, HOUR, MINUTE, parseInstant, plus, SECOND } from '../../src/domain/instant.ts';
import { interval } from '../../src/domain/interval.ts';

const ZONE = 'America/Toronto';
const NOW = parseInstant('2026-11-23T15:00:00Z');
const START = parseInstant('2026-12-01T14:20:00Z');

const settings = (more: object = {}): Settings =>
  Settings.parse({
    title: 'Plateforme fictive',
    host: 'imap.clinique.example',
    auth: { kind: 'password', username: 'u', password: 'p' },
    authentication: { server: MAIL_SERVER },
    senders: SENDERS,
    agendas: {
      'Dr Tremblay Fictif': CALENDAR,
      'dr-tremblay@clinique.example': CALENDAR,
      'Dre Ailleurs': null,
    },
    ...more,
  });

const judged = (text: string, more: object = {}): Promise<Verdict> =>
  judge(Buffer.from(text), {
    settings: settings(more),
    now: NOW,
    zoneOf: (calendar) => (calendar === CALENDAR ? ZONE : null),
  });

const LINES = [
  'No de confirmation : BS-1',
  'Médecin : Dr Tremblay Fictif',
  'Date : mardi 1er décembre 2026',
  'Heure : 9 h 20',
  'Durée : 20 minutes',
];
const french = (lines: readonly string[] = LINES, envelope: Partial<Envelope> = {}) =>
  letter(lines.join('\n'), NOW, envelope);

/** What a message makes of the agenda, in words. */
const toldBy = async (text: string, more: object = {}): Promise<string> => {
  const { folder, news } = await judged(text, more);
  const rows = news.rows.map(({ externalId, calendar, interval: { start, end } }) =>
    [externalId, calendar, formatInstant(start).slice(0, 16), (end - start) / MINUTE].join(' '),
  );
  const removed = news.removed.map(({ externalId }) => `-${externalId}`);
  const rejected = news.rejected.map(({ externalId, reason }) => `${externalId ?? '?'}: ${reason}`);
  return [folder, ...rows, ...removed, ...rejected].join(' | ');
};
const STANDS = 'taken | BS-1 dr-tremblay 2026-12-01T14:20 20';

describe('dates in words', () => {
  const read: readonly (readonly [text: string, date: string | null, ...times: string[]])[] = [
    ['mardi 1er décembre 2026 à 9 h 20', '2026-12-01', '09:20'],
    ['le mar. 1 déc. 2026, 9h20', '2026-12-01', '09:20'],
    ['Tuesday, December 1, 2026, 9:20 AM', '2026-12-01', '09:20'],
    ['Dec 1st, 2026 at 9 p.m.', '2026-12-01', '21:00'],
    ['1 December 2026 12:05 am', '2026-12-01', '00:05'],
    ['December 1, 2026 from 9:20 AM to 9:40 AM', '2026-12-01', '09:20', '09:40'],
    ['2026-12-01 09:20', '2026-12-01', '09:20'],
    ['mar 2 mars 2027', '2027-03-02'],
    ['Mar 2, 2027', '2027-03-02'],
    ['9 h 20 à 9 h 40', null, '09:20', '09:40'],
    ['midi', null, '12:00'],
    ['minuit', null, '00:00'],
  ];
  for (const [text, date, ...times] of read)
    it(`${text}`, () => expect(readMoment(text, 'ymd')).to.deep.equal({ date, times, zone: null }));

  for (const text of [
    'lundi 1er décembre 2026',
    '31 février 2026',
    '01/12/2026',
    'demain à 9 h',
    '1er décembre à 9 h',
    '25 h 10',
    '13:20 pm',
    '9 h 75',
    '1er décembre 2026 et 2 décembre 2026',
    'x'.repeat(400),
  ])
    it(`not ${text.slice(0, 40)}`, () => expect(readMoment(text, 'ymd')).to.equal(null));

  it('are in numbers as the template says', () => {
    expect(readMoment('01/12/2026', 'dmy')?.date).to.equal('2026-12-01');
    expect(readMoment('01/12/2026', 'mdy')?.date).to.equal('2026-01-12');
  });

  it('name the half of the hour that happens twice', () => {
    // 01:20 on 1 November 2026 in Toronto, by EDT and by EST.
    const at = (zone: string | null) => instantOf('2026-11-01', '01:20', zone, ZONE);
    expect(at('hae')).to.equal(parseInstant('2026-11-01T05:20:00Z'));
    expect(at('est')).to.equal(parseInstant('2026-11-01T06:20:00Z'));
    expect(at(null)).to.equal(parseInstant('2026-11-01T05:20:00Z'));
  });

  it('keep their local time where winter’s name is written in summer, and are not read in another zone', () => {
    expect(instantOf('2026-07-01', '09:20', 'est', ZONE)).to.equal(parseInstant('2026-07-01T13:20:00Z'));
    expect(instantOf('2026-07-01', '09:20', 'ast', ZONE)).to.equal(null);
    // The clocks go forward: 02:30 on 14 March 2027 does not happen.
    expect(instantOf('2027-03-14', '02:30', null, ZONE)).to.equal(null);
  });

  it('have durations', () => {
    const minutes = (text: string) => (readDuration(text) ?? Number.NaN) / MINUTE;
    const texts = [
      '20 minutes',
      '20 min.',
      '1 h 30',
      '1 heure',
      '1 hour 15 min',
      '1h',
      '1 hour and 5 minutes',
      '1500 minutes',
    ];
    expect(texts.map(minutes)).to.deep.equal([20, 20, 90, 60, 75, 60, 65, 1500]);
    for (const text of ['20', '', 'h', '1 jour', '0 min']) expect(readDuration(text), text).to.equal(null);
  });
});

describe('notices', () => {
  it('are read by the labels of their template, without who comes', async () => {
    const { news, folder } = await judged(french([...LINES, 'Patient : Hélène Fictive']));
    expect(folder).to.equal('taken');
    expect(news.rows).to.deep.equal([
      {
        ...{ kind: 'busy', busyKind: 'appointment', externalId: 'BS-1', calendar: CALENDAR },
        ...{
          interval: interval(START, plus(START, 20 * MINUTE)),
          mark: null,
          revision: null,
          expiresAt: null,
        },
        ...{ sequence: (NOW / SECOND) * 2, changedAt: NOW },
      },
    ]);
    expect(JSON.stringify(news)).not.to.contain('Fictive');
  });

  it('have a number that is one, and not who comes where the number is left out', async () => {
    const rest = LINES.slice(1);
    for (const [label, ...below] of [
      ['No de confirmation :', 'Patient : Hélène Fictive'],
      ['No de confirmation', 'Patient', 'Hélène Fictive'],
      ['No de confirmation :', 'Hélène Fictive, 514 555-0142'],
      ['No de confirmation : FICH 0253 4215'],
      ['No de confirmation : helene.fictive2@example.org'],
    ]) {
      const { news, folder } = await judged(french([label ?? '', ...below, ...rest]));
      expect([
        folder,
        ...news.rejected.map(({ externalId, reason }) => `${externalId} ${reason}`),
      ]).to.deep.equal(['aside', 'null id: not found']);
      expect(news.rows).to.deep.equal([]);
    }
    for (const id of ['BS-1', '12 345', 'No 7', '2026/11-004', 'a1b2c3.d4_e5'])
      expect(await toldBy(french([`No de confirmation : ${id}`, ...rest]))).to.equal(
        STANDS.replace('BS-1', id),
      );
  });

  it('are read in the season and the zone of their calendar', async () => {
    const summer = LINES.map((line) => line.replace('mardi 1er décembre', 'mercredi 1er juillet'));
    expect(await toldBy(french(summer))).to.contain('2026-07-01T13:20');
  });

  it('end, move and leave alone what their subject says', async () => {
    expect(await toldBy(french(LINES, { subject: 'RENDEZ-VOUS ANNULE : suivi' }))).to.equal('taken | -BS-1');
    const moved = [
      ...LINES.slice(0, 2),
      'Nouvelle date : 2 décembre 2026',
      'Nouvelle heure : 10 h',
      'Durée : 20 min',
    ];
    const subject = '=?utf-8?q?Rendez-vous_d=C3=A9plac=C3=A9?=';
    expect(await toldBy(french(moved, { subject }))).to.equal('taken | BS-1 dr-tremblay 2026-12-02T15:00 20');
    expect(await toldBy(french([...moved, 'Ancien no de confirmation : BS-0'], { subject }))).to.equal(
      'taken | BS-1 dr-tremblay 2026-12-02T15:00 20 | -BS-0',
    );
    expect(await toldBy(french(LINES, { subject: 'Rappel de votre rendez-vous' }))).to.equal('taken');
  });

  it('are the same however mail wraps them', async () => {
    const body = LINES.join('\r\n');
    const quoted = [...Buffer.from(body, 'latin1')]
      .map((byte) =>
        byte > 126 || byte === 61 ? `=${byte.toString(16).toUpperCase()}` : String.fromCharCode(byte),
      )
      .join('');
    const html = `<html><head><title>Date : x</title></head><body><table>${LINES.map((line) => {
      const [label, ...value] = line.split(' : ');
      return `<tr><td><b>${label}&nbsp;:</b></td><td>${value.join(' : ')}</td></tr>`;
    }).join('')}</table><div style="DISPLAY: none !important">No de confirmation : X-9</div></body></html>`;
    const parts = (...each: string[]) => `--b\r\n${each.join('\r\n--b\r\n')}\r\n--b--`;
    const variants: readonly (readonly [string, Partial<Envelope>])[] = [
      [body.replaceAll(' :', '\u00a0:').replaceAll('9 h 20', '9\u202fh\u202f20'), {}],
      [body.replaceAll(' :', ''), {}].map((each) => each) as [string, Partial<Envelope>],
      [LINES.map((line) => `* *${line.replace(' :', ':*')} *`).join('\n'), {}],
      [LINES.map((line) => line.replace(' : ', '\n\n   ')).join('\n'), {}],
      [quoted, { type: 'text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable' }],
      [
        Buffer.from(body).toString('base64'),
        { type: 'text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64' },
      ],
      [html, { type: 'text/html; charset=utf-8' }],
      [
        parts(
          'Content-Type: text/plain\r\n\r\nVotre logiciel ne montre pas le HTML.',
          `Content-Type: text/html; charset=utf-8\r\n\r\n${html}`,
        ),
        { type: 'multipart/alternative; boundary=b' },
      ],
    ];
    const told = await Promise.all(variants.map(([text, envelope]) => toldBy(letter(text, NOW, envelope))));
    // The second has neither colons nor lines of their own: nothing in it is a label.
    expect(told.map((each, index) => [index, each])).to.deep.equal(
      variants.map((_, index) => [index, index === 1 ? 'aside | ?: id: not found' : STANDS]),
    );
  });

  it('are set aside where something is missing, doubled or not certain', async () => {
    const without = (label: string, ...more: string[]) =>
      toldBy(french([...LINES.filter((line) => !line.startsWith(label)), ...more]));
    expect(await without('No')).to.equal('aside | ?: id: not found');
    expect(await without('Date')).to.equal('aside | BS-1: date: none that can be read with certainty');
    expect(await without('Heure')).to.equal('aside | BS-1: date: none that can be read with certainty');
    expect(await without('Durée')).to.equal('aside | BS-1: end: not said, or not within a day');
    expect(await without('Médecin')).to.equal('aside | BS-1: calendar: not said');
    expect(await without('Médecin', 'Médecin : Dr Inconnu')).to.equal(
      'aside | BS-1: calendar: of no name that the connection knows',
    );
    // What a patient wrote as a reason for the visit.
    expect(await toldBy(french([...LINES, 'Motif : x', 'Heure : 15 h']))).to.equal(
      'aside | BS-1: start: there twice, and not the same',
    );
    expect(await toldBy(french([...LINES, 'No de confirmation : BS-2']))).to.equal(
      'aside | ?: id: not found',
    );
    expect(await toldBy(french([...LINES, '> Heure : 15 h', 'Heure :  9 H 20']))).to.equal(STANDS);
    expect(await toldBy(french(LINES, { subject: 'Votre facture' }))).to.equal(
      'aside | ?: no template is for such a notice',
    );
    const { news } = await judged(french(LINES, { subject: 'Votre facture' }));
    expect(news.rejected[0]?.raw).to.contain('Votre facture').and.to.contain('BS-1');
  });

  it('of an agenda that is none of ours change nothing', async () => {
    expect(
      await toldBy(french(LINES.map((line) => line.replace('Dr Tremblay Fictif', 'DRE  AILLEURS')))),
    ).to.equal('taken');
  });

  it('last as long as the sender’s setting says where they do not, and go over midnight', async () => {
    const senders = [{ ...SENDERS[0], minutes: 15, calendar: CALENDAR }];
    const bare = LINES.filter((line) => !/^(Durée|Médecin)/.test(line));
    expect(await toldBy(french(bare), { senders })).to.equal('taken | BS-1 dr-tremblay 2026-12-01T14:20 15');
    const night = bare.map((line) => (line.startsWith('Heure') ? 'Heure : de 23 h 50 à 0 h 20' : line));
    expect(await toldBy(french(night), { senders })).to.equal('taken | BS-1 dr-tremblay 2026-12-02T04:50 30');
  });

  it('are read by a template of the clinic’s own', async () => {
    const templates = [
      {
        ...{ id: 'maison', reads: 'lines', order: 'dmy' },
        notices: [{ kind: 'booked', subject: ['RDV'] }],
        fields: { id: ['Réf.'], date: ['Quand'] },
      },
    ];
    const senders = [{ template: 'maison', domain: SENDERS[0]?.domain, calendar: CALENDAR, minutes: 20 }];
    const text = letter('Réf. : BS-1\nQuand : 01/12/2026 9:20', NOW, { subject: 'RDV 12' });
    expect(await toldBy(text, { templates, senders })).to.equal(STANDS);
  });

  it('by a template that is wrong are refused with its line, before anything starts', () => {
    const text = readFileSync('examples/notices.yaml', 'utf8')
      .replace('subject: [Rappel]', 'subject: []')
      .replace('date: [Date et heure]', 'dates: [Date et heure]');
    const lineOf = (part: string): number => text.slice(0, text.indexOf(part)).split('\n').length;
    const adapters = new Map([mailbox, rvsq].map((each) => [each.manifest.id, each]));
    const secrets = { MAILBOX_PASSWORD: 'p', RVSQ_API_KEY: 'k' };
    const failure = (() => {
      try {
        parseConfiguration(text, 'clinique.yaml', adapters, secrets);
      } catch (error) {
        return error instanceof ConfigurationError ? error.format() : String(error);
      }
    })();
    for (const part of ['subject: []', 'dates: ['])
      expect(failure).to.contain(`clinique.yaml:${lineOf(part)}:`);
  });

  it('want templates that exist', () => {
    const problems = Settings.safeParse({
      ...settings(),
      senders: [{ template: 'aucun', domain: 'a.example' }],
    });
    expect(problems.error?.issues.map(({ path }) => path.join('.'))).to.deep.equal(['senders.0.template']);
  });
});

describe('calendar parts', () => {
  const told = { kind: 'booked', id: 'uid-1@fictif', zone: ZONE, at: NOW, form: 'invitation' } as const;
  const time = interval(START, plus(START, 20 * MINUTE));
  const text = (kind: 'booked' | 'cancelled' = 'booked') => noticeText({ ...told, kind, interval: time });
  const changed = (change: (event: string) => string): string =>
    text().replace(/base64\r\n\r\n([\w+/=\r\n]+?)\r\n--/, (_, body: string) => {
      const event = change(Buffer.from(body, 'base64').toString());
      return `base64\r\n\r\n${Buffer.from(event).toString('base64')}\r\n--`;
    });

  it('are read by METHOD, UID and times', async () => {
    expect(await toldBy(text())).to.equal('taken | uid-1@fictif dr-tremblay 2026-12-01T14:20 20');
    expect(await toldBy(text('cancelled'))).to.equal('taken | -uid-1@fictif');
    const local = changed((event) =>
      event.replace(/DTSTART:.*/, 'DTSTART;TZID=America/Toronto:20261201T093000'),
    );
    expect(await toldBy(local)).to.contain('2026-12-01T14:30 10');
  });

  it('are in the order of SEQUENCE, then of DTSTAMP, and an end after what was said in that second', async () => {
    const order = async (message: string) => {
      const { news } = await judged(message);
      return [...news.rows, ...news.removed][0]?.sequence ?? 0;
    };
    const earlier = await order(changed((event) => event.replace(/DTSTAMP:.*/, 'DTSTAMP:20261123T140000Z')));
    const first = await order(text());
    const ended = await order(text('cancelled'));
    const next = await order(
      changed((event) =>
        event.replace('SEQUENCE:0', 'SEQUENCE:1').replace(/DTSTAMP:.*/, 'DTSTAMP:20261123T140000Z'),
      ),
    );
    expect([earlier, first, ended, next]).to.deep.equal([earlier, first, ended, next].sort((a, b) => a - b));
    expect(new Set([earlier, first, ended, next])).to.have.lengthOf(4);
    expect(
      Number.isSafeInteger(
        await order(changed((event) => event.replace('SEQUENCE:0', 'SEQUENCE:999999999'))),
      ),
    ).to.equal(true);
  });

  it('are set aside where they are no single booking', async () => {
    const reasons = await Promise.all(
      [
        (event: string) => event.replace('SEQUENCE:0', 'RRULE:FREQ=DAILY'),
        (event: string) => event.replace('SEQUENCE:0', 'RECURRENCE-ID:20261201T142000Z'),
        (event: string) => event.replace('METHOD:REQUEST', 'METHOD:REPLY'),
        (event: string) => event.replace(/UID:.*\r\n/, ''),
        (event: string) => event.replace(/DTEND:.*/, 'DTEND:20261231T142000Z'),
        (event: string) => event.replace(/DTSTART:.*/, 'DTSTART;TZID=Nulle/Part:20261201T093000'),
        (event: string) => event.slice(0, 60),
      ].map((change) => toldBy(changed(change))),
    );
    for (const reason of reasons) expect(reason).to.match(/^aside \| \S+: (vevent|method|text\/calendar)/);
  });
});

describe('the author of a notice', () => {
  const DOMAIN = 'plateforme-fictive.example';
  const told = (envelope: Partial<Envelope>, more: object = {}) => toldBy(french(LINES, envelope), more);
  const results = (...each: string[]) => [MAIL_SERVER, ...each].join('; ');
  const PASS = `dkim=pass header.d=${DOMAIN}`;

  it('is believed where the clinic’s mail server says so, however it writes that', async () => {
    for (const said of [
      results(PASS),
      results(`dkim = pass (2048-bit; "quoted \\) key") header.d=${DOMAIN} header.b=c2ln`),
      results(`spf=fail smtp.mailfrom=x@ailleurs.example`, PASS),
      `${MAIL_SERVER.toUpperCase()} 1; dkim/1=pass reason="good; signature" header.i=@${DOMAIN}`,
    ])
      expect(await told({ results: said }), said).to.equal(STANDS);
  });

  it('is not believed by anything less', async () => {
    const forged: Record<string, Partial<Envelope>> = {
      'no result': { results: null },
      'another server': { results: `mx.ailleurs.example; ${PASS}` },
      'a server of which ours is a part': { results: `${MAIL_SERVER}.ailleurs.example; ${PASS}` },
      'a failure': { results: results(`dkim=fail header.d=${DOMAIN}`) },
      'a pass of somebody else': { results: results('dkim=pass header.d=ailleurs.example') },
      'a pass of a name that ends like it': { results: results(`dkim=pass header.d=faux-${DOMAIN}`) },
      'a pass in a comment': {
        results: results(`dkim=fail (dkim=pass header.d=${DOMAIN}) header.d=${DOMAIN}`),
      },
      'a pass in a reason': { results: results(`dkim=fail reason="x; dkim=pass header.d=${DOMAIN}"`) },
      'spf alone': { results: results(`spf=pass smtp.mailfrom=a@${DOMAIN}`) },
      'dmarc that failed': { results: results(PASS, 'dmarc=fail header.from=x.example') },
      'a comment without an end': { results: results(`${PASS} (`) },
      'no result at all': { results: `${MAIL_SERVER}; none` },
      'a signature that lets text be added': {
        signature: `v=1; d=${DOMAIN}; s=avis; h=from:date:subject; l=120; b=c2lnbmF0`,
      },
      'a signature without the date': { signature: `v=1; d=${DOMAIN}; s=avis; h=from:subject; b=c2lnbmF0` },
      'a tag that is there twice': {
        signature: `v=1; d=${DOMAIN}; s=avis; h=from; h=from:date:subject; b=c2lnbmF0`,
      },
      'no signature': { signature: null },
    };
    for (const [name, envelope] of Object.entries(forged))
      expect(await told(envelope), name).to.match(/^refused \| \?: /);
  });

  it('is judged by the topmost result of the server: what came with the message lies below it', async () => {
    const below = (line: string) =>
      french(LINES, { results: results('dkim=fail') }).replace('From:', `${line}\r\nFrom:`);
    expect(await toldBy(below(`Authentication-Results: ${results(PASS)}`))).to.match(/^refused/);
    expect(
      await toldBy(french().replace('From:', `Authentication-Results: ${results('dkim=fail')}\r\nFrom:`)),
    ).to.equal(STANDS);
  });

  it('may be proven by other means where the clinic says so', async () => {
    const by = (proof: string[]) => ({ senders: [{ ...SENDERS[0], proof }] });
    const spf = { results: results(`spf=pass smtp.mailfrom=rebond@a.${DOMAIN}`), signature: null };
    expect(await told(spf, by(['spf']))).to.equal(STANDS);
    expect(
      await told({ ...spf, results: results('spf=pass smtp.mailfrom=x@ailleurs.example') }, by(['spf'])),
    ).to.match(/^refused/);
    const dmarc = {
      results: results('dmarc=pass header.from=avis.plateforme-fictive.example'),
      signature: null,
    };
    expect(await told(dmarc, by(['dkim', 'dmarc']))).to.equal(STANDS);
    // It was said of another author than the one that we read.
    expect(
      await told(
        { ...dmarc, results: results('dmarc=pass header.from=autre.plateforme-fictive.example') },
        by(['dmarc']),
      ),
    ).to.match(/^refused/);
  });

  it('is one, of the domain, and not what the message calls it', async () => {
    for (const from of [
      `"avis@${DOMAIN}" <x@ailleurs.example>`,
      `avis@${DOMAIN}, x@ailleurs.example`,
      `Avis: avis@${DOMAIN};`,
      `x@ailleurs.example (avis@${DOMAIN})`,
      `avis@${DOMAIN} <x@ailleurs.example>`,
      `<x@ailleurs.example> <avis@${DOMAIN}>`,
      `(<x@ailleurs.example>) <avis@${DOMAIN}>`,
      `<avis@${DOMAIN}> (x)`,
      `avis@plateforme"x"-fictive.example`,
      `<avis@${DOMAIN}> "x"`,
      `avis@${DOMAIN}@ailleurs.example`,
      `avis@faux-${DOMAIN}`,
      `avis@pl\u0430teforme-fictive.example`,
      `avis@${DOMAIN}.ailleurs.example`,
      '',
    ])
      expect(await told({ from }), from).to.match(/^refused/);
    expect(await toldBy(french().replace('From:', `From: avis@${DOMAIN}\r\nFrom:`))).to.equal(
      'refused | ?: from: 2 of them, where one has to be',
    );
    expect(domainOf(`"Avis, \\"Fictif\\" <a@b.example>" <Avis@${DOMAIN.toUpperCase()}>`)).to.equal(DOMAIN);
    expect(domainOf(`Avis (ne pas répondre) <avis@${DOMAIN}>`)).to.equal(DOMAIN);
    expect(domainOf(`avis@${DOMAIN}`)).to.equal(DOMAIN);
  });

  it('has not written what it forwards', async () => {
    const nested = `--b\r\nContent-Type: text/plain\r\n\r\nVoir le message joint.\r\n--b\r\nContent-Type: message/rfc822\r\nContent-Disposition: inline\r\n\r\n${french()}\r\n--b--`;
    expect(await toldBy(letter(nested, NOW, { type: 'multipart/mixed; boundary=b' }))).to.equal(
      'aside | ?: id: not found',
    );
  });

  it('says when, in time', async () => {
    expect(await told({ date: dateOf(plus(NOW, HOUR)) })).to.equal('refused | ?: date: of a time to come');
    expect(await told({ date: dateOf(plus(NOW, 5 * MINUTE)) })).to.equal(STANDS);
    expect(await told({ date: dateOf(plus(NOW, -15 * DAY)) })).to.match(/^refused .* longer ago/);
    for (const date of ['hier', '2026-11-23', 'Mon, 23 Nov 2026 15:00:00', 'Mon, 23 Nov 2026 15:00:00 EST'])
      expect(await told({ date }), date).to.match(/^refused .* date: not one/);
    expect(
      await toldBy(french().replace('Date:', 'Date: Mon, 23 Nov 2026 14:00:00 +0000\r\nDate:')),
    ).to.match(/^refused/);
    expect(dateIn('23 Nov 2026 10:00:00 -0500 (EST)')).to.equal(NOW);
  });

  it('is told without a value of the message', async () => {
    const { news } = await judged(
      french(LINES, { from: 'Hélène Fictive <h@ailleurs.example>', subject: 'Nouveau Fictive' }),
    );
    expect(JSON.stringify(news)).not.to.match(/Fictive|ailleurs|Nouveau/);
  });
});

describe('what is seen of HTML', () => {
  it('is its text, line by line, without what is hidden', () => {
    const lines = (html: string) =>
      seenIn(html)
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== '');
    expect(lines('<p>a<br>b <b>c</b></p><td>d</td><td>e&eacute;</td>')).to.deep.equal([
      'a',
      'b c',
      'd',
      'eé',
    ]);
    for (const hidden of [
      '<script>x</script>',
      '<style>x</style>',
      '<!-- x -->',
      '<div hidden>x<p>x</p></div>',
      '<div style="color:red; Display : NONE">x<img src="http://ailleurs.example/"></div>',
      '<span style="font-size:0">x</span>',
      '<div style="max-height:0px;overflow:hidden">x</div>',
      '<select><option>x</option></select>',
      `${'<div>'.repeat(300)}x`,
    ])
      expect(
        lines(`${hidden}<p>y</p>`).filter((line) => line.includes('x')),
        hidden.slice(0, 40),
      ).to.deep.equal([]);
    expect(seenIn('<p>z</p>'.repeat(200_000)).length).to.be.most(200_000);
  });
});
