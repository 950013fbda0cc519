import { readFile, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Appointment, Binary, Bundle, FhirResource } from 'fhir/r4.js';
import {
  type Dovecot,
  hasDovecot,
  type Maildir,
  sharedDovecot,
} from '../../adapters/mailbox/bench/dovecot.ts';
import { letter, noticeText } from '../../adapters/mailbox/bench/notices.ts';
import { settingsFor } from '../../adapters/mailbox/bench/target.ts';
import type { Listening } from '../../src/adapter/contract.ts';
import { Frames, framed } from '../../src/adapter/mllp/frames.ts';
import { listenMllp } from '../../src/adapter/mllp/server.ts';
import { freePort } from '../../src/conformance/real-server.ts';
import { DAY, formatInstant, HOUR, type Instant, instant, MINUTE, plus } from '../../src/domain/instant.ts';
import { interval } from '../../src/domain/interval.ts';
import type { Database } from '../../src/store/database.ts';
import { openPostgres } from '../../src/store/postgres.ts';
import { CANARY, CANARY_PATIENT, canaryIn } from '../support/canary.ts';
import { type Command, end, ready, start } from '../support/command-process.ts';
import { makeDataFolder } from '../support/data-folder.ts';
import { freshPostgres, hasPostgres } from '../support/databases.ts';
import { type MailServer, startMailServer } from '../support/mail-server.ts';
import { requireServer, until } from '../support/servers.ts';

/**
 * The same patient by the other ways in: a list that somebody pasted, messages of a record (HL7), notices by e-mail. She is in
 * each of them, and is to come out of none: not by an answer, a task, a mail, another platform, the log or the database.
 */

const ZONE = 'America/Toronto';
const WAIT_MILLISECONDS = 30_000;

describe('a patient whom lists, records and mails tell of', function () {
  this.timeout(180_000);
  let dovecot: Dovecot;
  let mailbox: Maildir;
  let mail: MailServer;
  let emr: Listening;
  let database: Database;
  let drop: () => Promise<void> = async () => undefined;
  let gateway: Command;
  /** What it said until it was started again. */
  let saidBefore = '';
  let folder: string;
  let variables: Record<string, string>;
  let url: string;
  let mllpPort: number;
  /** What the record was sent. */
  const toldEmr: string[] = [];
  /** What the gateway answered, over HTTP and MLLP, and what commands said. */
  const answers: string[] = [];

  /** The day after tomorrow, at that hour of UTC: it is not over, nor beyond any horizon. */
  const at = (hour: number, minute = 0): Instant =>
    instant(Math.ceil(Date.now() / DAY) * DAY + DAY + hour * HOUR + minute * MINUTE);

  before(async function () {
    await requireServer('PostgreSQL', hasPostgres).call(this);
    await requireServer('Dovecot', hasDovecot()).call(this);
    const postgres = await freshPostgres();
    drop = postgres.drop;
    database = openPostgres(postgres.url, { onError: () => undefined });
    dovecot = await sharedDovecot();
    mailbox = dovecot.mailbox(`canari-${process.pid}`);
    mail = await startMailServer();
    emr = await listenMllp({
      ...{ host: '127.0.0.1', port: 0, tls: null, peers: [], bytesMax: 64 * 1024 },
      answer: async (message) => {
        toldEmr.push(message.toString('utf8'));
        const id = message.toString('utf8').split('|')[9];
        return [Buffer.from(`MSH|^~\\&|DME||PASSERELLE||||ACK|R${id}|P|2.5.1\rMSA|AA|${id}\r`)];
      },
      refuse: () => null,
      onQuiet: async () => undefined,
    });
    mllpPort = await freePort();
    folder = await makeDataFolder({ embedded: false });
    const configuration = join(folder, 'clinic.yaml');
    await writeFile(configuration, JSON.stringify(documentOf()));
    variables = {
      ...{ PATH: process.env['PATH'] ?? '', PASSERELLE_LANG: 'en', LOG_LEVEL: 'trace', PORT: '0' },
      ...{ PASSERELLE_CONFIG: configuration, PASSERELLE_DATA: folder, DATABASE_URL: postgres.url },
    };
    gateway = start(['serve'], variables);
    url = await ready(gateway);
  });
  after(async () => {
    if (gateway) await end(gateway, 'SIGKILL');
    await emr?.close();
    await mail?.close();
    await dovecot?.stop();
    await database?.close();
    await drop();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  function documentOf() {
    const on = (id: string, platform: string, settings: object, more: object = {}) => ({
      ...{ id, platform, settings, allowedTargets: ['127.0.0.1'] },
      calendars: [{ id: 'dr-tremblay', schedule: 'dr', topology: 'block' }],
      ...more,
    });
    const escalation = [{ afterMinutes: 0, to: ['accueil@clinique.example'] }];
    const asking = { closeWithinMinutes: 1, openWithinMinutes: 1 };
    return {
      organization: { id: 'fictive', name: 'Clinique fictive' },
      locations: [{ id: 'ici', name: 'Ici' }],
      services: [{ id: 'famille', name: { fr: 'Famille', en: 'Family' } }],
      practitioners: [{ id: 'dr', family: 'Tremblay', given: 'Essai' }],
      schedules: [{ id: 'dr', practitioner: 'dr', location: 'ici', service: 'famille' }],
      patients: { keepDays: 30 },
      mail: {
        ...{ host: '127.0.0.1', port: mail.port, security: 'none', from: 'passerelle@clinique.example' },
        allowedTargets: ['127.0.0.1'],
      },
      connections: [
        on('agenda', 'agenda', {}),
        on('accueil', 'manual', { title: 'Accueil', ...asking }, { escalation }),
        on('dme', 'hl7v2-siu', { address: `mllp://${emr.address}`, listen: { port: mllpPort } }),
        on('courriel', 'mailbox', { ...settingsFor(dovecot, mailbox.user), ...asking }, { escalation }),
      ],
    };
  }

  type Options = { readonly headers?: Record<string, string>; readonly mayName?: boolean };
  async function ask<T>(method: string, path: string, body?: unknown, { headers, mayName }: Options = {}) {
    const token = await readFile(join(folder, 'admin-token'), 'utf8');
    const response = await fetch(new URL(path, url), {
      method,
      headers: {
        authorization: `Bearer ${token.trim()}`,
        'content-type': path.startsWith('/fhir') ? 'application/fhir+json' : 'application/json',
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    answers.push(JSON.stringify([...response.headers]), mayName ? '' : text);
    return { status: response.status, json: (text.startsWith('{') ? JSON.parse(text) : null) as T, text };
  }
  const command = async (...words: string[]): Promise<void> => {
    const child = start([...words, '--url', url], variables);
    await new Promise((resolve) => child.child.once('exit', resolve));
    answers.push(child.output());
  };
  /** Over one connection, each once the one before was answered; a connection that ends is an answer too. */
  async function tellByMllp(...messages: readonly (string | Buffer)[]): Promise<void> {
    for (const message of messages) {
      const socket: Socket = connect(mllpPort, '127.0.0.1');
      const frames = new Frames(1_000_000);
      const answered = new Promise<void>((resolve, reject) => {
        socket.on('data', (chunk: Buffer) => {
          const found = frames.push(chunk);
          answers.push(...found.map(String));
          if (found.length > 0) resolve();
        });
        socket.once('close', () => resolve()).once('error', reject);
      });
      socket.write(typeof message === 'string' ? framed(Buffer.from(message)) : message);
      await answered;
      socket.destroy();
    }
  }
  const rejectedOf = async (connection: string) =>
    (await ask<{ records: { reason: string }[] }>('GET', `/api/connections/${connection}/rejected`)).json
      .records;

  const NAME = `${CANARY.family}, ${CANARY.given}`;
  const local = (instantAt: Instant): string =>
    new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE, dateStyle: 'short', timeStyle: 'short' }).format(
      instantAt,
    );

  it('is in a list, in columns that are not looked at, and in those that are', async () => {
    const line = (...cells: string[]) => [local(at(14)), local(at(14, 20)), ...cells].join(';');
    const list = (titles: string, ...lines: string[]) => ({
      text: [`début;fin;${titles}`, ...lines].join('\n'),
    });
    const path = '/api/connections/accueil/lists';
    const calendar = 'dr-tremblay';
    const good = list('statut;patient;NAM;téléphone', line('réservé', NAME, CANARY.nam, CANARY.phone));
    const taken = await ask<{ rows: number }>('POST', path, { ...good, calendar });
    expect([taken.status, taken.json.rows], taken.text).to.deep.equal([200, 2]);
    const wrong: unknown[] = [
      { ...list('statut', line(NAME)), calendar },
      { ...list('statut', line(CANARY.nam)), calendar },
      list('statut;médecin', line('réservé', NAME)),
      { ...list('statut', [NAME, CANARY.phone, 'libre'].join(';')), calendar },
      { ...list('statut', `${local(at(14))};${CANARY.birthDate};libre`), calendar },
      { ...list('statut', line('libre', `"${NAME}`)), calendar },
      { text: `${NAME};${CANARY.nam}\n${line('libre')}`, calendar },
      { text: NAME, calendar: NAME },
      { ...good, calendar, seenAt: CANARY.birthDate },
      { ...good, calendar, complete: { from: CANARY.nam } },
      { ...good, calendar, [CANARY.family]: CANARY.nam },
      `${JSON.stringify(good)} ${NAME}`,
    ];
    for (const body of wrong) {
      const { status, text } = await ask('POST', path, body);
      expect(status, text).to.be.within(400, 499);
    }
    await ask('POST', path, good.text, { headers: { 'content-type': 'text/csv' } });
    const file = join(folder, 'liste.csv');
    await writeFile(file, list('statut', line(NAME)).text);
    await command('list', 'import', 'accueil', file, '--calendar', calendar);
    await rm(file);
  });

  const stamp = (time: Instant): string => `${formatInstant(time).slice(0, 19).replace(/[-:T]/g, '')}+0000`;
  const siu = (event: string, id: string, from: Instant, resource = 'dr-tremblay') =>
    [
      `MSH|^~\\&|DME|CLINIQUE|PASSERELLE||${stamp(instant(Date.now()))}||SIU^${event}^SIU_S12|M${id}|P|2.5.1||||||UNICODE UTF-8`,
      `SCH||${id}||||ROUTINE|${NAME}||20|min|^^^${stamp(from)}^${stamp(plus(from, 20 * MINUTE))}|||||${NAME}`,
      `PID|1||${CANARY.nam}^^^RAMQ^JHN||${CANARY.family}^${CANARY.given}||${CANARY.birthDate.replaceAll('-', '')}|F|||||${CANARY.phone}`,
      `NTE|1||${NAME} ${CANARY.email}`,
      'RGS|1|A',
      `AIP|1|A|${resource}^${CANARY.family}|||${stamp(from)}|||20|min`,
      '',
    ].join('\r');

  it('is in messages of a record, those that are taken and those that are not', async () => {
    const good = siu('S12', 'R-1', at(15));
    await tellByMllp(
      good,
      siu('S12', 'R-2', at(16)).replaceAll(stamp(at(16)), CANARY.birthDate),
      siu('S12', 'R-3', at(16), CANARY.family),
      siu('S99', 'R-4', at(16)),
      good.replace('SIU^S12^SIU_S12', 'ADT^A04'),
      good.replace('UNICODE UTF-8', CANARY.family),
      good.replace('MSH|', `${NAME}|`),
      good.replace(/^SCH.*$/m, ''),
      `${good}${NAME.repeat(20_000)}`,
      Buffer.from(`${NAME} ${CANARY.nam}`),
    );
    await until('one that cannot be read is set aside', async () => (await rejectedOf('dme')).length > 0);
    const { text } = await ask('GET', '/api/connections/dme/rejected?raw=true', undefined, { mayName: true });
    expect(canaryIn(text), 'whoever opens it sees it').to.include(CANARY.nam);
  });

  it('is in notices, those that are understood, that are not, and that are from nobody', async () => {
    const now = instant(Date.now() - 5_000);
    const told = (kind: 'booked' | 'cancelled', id: string) =>
      noticeText({
        ...{ kind, id, zone: ZONE, form: 'fr' as const, at: now },
        interval: interval(at(17), at(17, 20)),
      }).replaceAll('Hélène Fictive', NAME);
    const who = `Patient : ${NAME}\nNAM : ${CANARY.nam}\nCourriel : ${CANARY.email}`;
    mailbox.deliver(told('booked', 'BS-1'));
    mailbox.deliver(told('cancelled', ''));
    mailbox.deliver(letter(`No de confirmation :\n${who}\nMédecin : Dr Tremblay Fictif`, now));
    mailbox.deliver(letter(`No de confirmation : BS-3\nMédecin : ${NAME}\n${who}`, now));
    mailbox.deliver(
      letter(`No de confirmation : BS-4\nMédecin : Dr Tremblay Fictif\nDate : ${NAME}\n${who}`, now),
    );
    mailbox.deliver(letter(who, now, { subject: `Merci, ${CANARY.nam}` }));
    mailbox.deliver(letter(who, now, { results: null, subject: `Nouveau rendez-vous ${CANARY.nam}` }));
    mailbox.deliver(letter(who, now, { from: `"${NAME}" <${CANARY.email}>` }));
    mailbox.deliver(letter(who, now, { from: `${CANARY.nam}`, type: `text/plain; charset=${CANARY.given}` }));
    mailbox.deliver(`${NAME}\r\n\r\n${who}`);
    const isEmpty = async () => mailbox.messages('INBOX').length === 0;
    await until('the inbox is empty', isEmpty, WAIT_MILLISECONDS);
    expect(await rejectedOf('courriel')).to.have.length.greaterThan(3);
  });

  it('is booked in the clinic’s own agenda: a person is asked to close that time elsewhere, and is told late', async () => {
    const slot = await ask<{ id: string }>('POST', '/fhir/Slot', {
      ...{ resourceType: 'Slot', schedule: { reference: 'Schedule/dr' }, status: 'free' },
      ...{ start: formatInstant(at(19)), end: formatInstant(at(19, 20)) },
    });
    expect(slot.status, slot.text).to.equal(201);
    const booked = await ask<Appointment>('POST', '/fhir/Appointment', {
      ...{ resourceType: 'Appointment', status: 'proposed', contained: [CANARY_PATIENT] },
      slot: [{ reference: `Slot/${slot.json.id}` }],
      participant: [{ actor: { reference: '#patient' }, status: 'accepted' }],
    });
    expect(booked.status, booked.text).to.equal(201);
    const tasks = async () =>
      (await ask<{ tasks: { id: string; connection: string }[] }>('GET', '/api/tasks')).json.tasks;
    const asked = async () => new Set((await tasks()).map(({ connection }) => connection));
    await until('persons are asked', async () => (await asked()).size === 2, WAIT_MILLISECONDS);
    // Neither the minute that they have is waited for, nor the one until somebody looks again: that is done at each start.
    await until('the record has closed it', async () => toldEmr.some((each) => each.includes('SIU^S23')));
    expect(await end(gateway, 'SIGTERM')).to.equal(0);
    await database.query('update task set due_ms = asked_ms - 1');
    saidBefore = gateway.output();
    gateway = start(['serve'], variables);
    url = await ready(gateway);
    await until('they are told late', async () => mail.mails.length > 1, WAIT_MILLISECONDS);
    const window = `from=${formatInstant(at(0))}&before=${formatInstant(plus(at(0), DAY))}`;
    const agenda = await ask('GET', `/api/agenda?${window}`, undefined, { mayName: true });
    expect(canaryIn(agenda.text), 'whoever may see patients sees who comes').to.include(CANARY.nam);
    const [task] = await tasks();
    await command('tasks');
    await ask('POST', `/api/tasks/${task?.id}/done`);
    await ask('POST', `/api/tasks/${task?.id}/undo`, { [CANARY.family]: CANARY.nam });
    await ask('GET', `/api/tasks/${CANARY.nam}`);
    await ask('GET', `/api/tasks?state=${encodeURIComponent(NAME)}`);
    await ask('GET', `/api/roster?schedule=${encodeURIComponent(NAME)}`);
    await ask('GET', `/api/agenda?${window}&schedule=${encodeURIComponent(NAME)}`);
    await ask('GET', `/api/agenda?from=${encodeURIComponent(NAME)}&before=${CANARY.nam}`);
  });

  it('is in no mail, at no other platform, and in no answer', async () => {
    expect(mail.mails.flatMap(({ raw, subject, text }) => canaryIn(`${raw}${subject}${text}`))).to.deep.equal(
      [],
    );
    expect(canaryIn(toldEmr.join('\n'))).to.deep.equal([]);
    for (const words of ['status', 'tasks', 'rejected dme', 'rejected courriel', 'roster'])
      await command(...words.split(' '));
    for (const path of [
      '/metrics',
      '/api/status',
      '/api/tasks?state=all',
      '/api/roster',
      '/api/policies',
      '/fhir/Appointment',
      '/fhir/AuditEvent',
    ])
      await ask('GET', path);
    const { schedules } = (await ask<{ schedules: { id: string }[] }>('GET', '/api/policies')).json;
    for (const { id } of schedules) {
      const { status } = await ask('POST', `/api/policies/${id}/preview`, { release: { hoursBefore: 1 } });
      expect(status).to.equal(200);
    }
    expect(
      answers.flatMap((each) => canaryIn(each).map((value) => `${value} in ${each.slice(-500)}`)),
    ).to.deep.equal([]);
  });

  it('is in no table in clear, by whatever way she came', async () => {
    const tables = await database.query<{ name: string }>(
      "select quote_ident(table_name) as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'",
    );
    const found: string[] = [];
    for (const { name } of tables) {
      const rows = await database.query<{ text: string }>(
        `select row_to_json(${name})::text as text from ${name}`,
      );
      found.push(...canaryIn(rows.map(({ text }) => text).join('\n')).map((value) => `${value} in ${name}`));
    }
    expect(found).to.deep.equal([]);
  });

  it('is handed over with the messages that had her number in them', async () => {
    const { json, status } = await ask<Bundle<FhirResource>>(
      'POST',
      '/api/patients/export',
      { patient: CANARY.nam },
      { mayName: true },
    );
    expect(status).to.equal(200);
    const unread = json.entry?.flatMap(({ resource }) =>
      isBinary(resource) ? [Buffer.from(resource.data ?? '', 'base64').toString()] : [],
    );
    expect(unread?.filter((text) => text.startsWith('MSH|')).length).to.be.greaterThan(0);
    expect(unread?.filter((text) => text.includes('Courriel : ')).length).to.be.greaterThan(0);
    expect(unread?.every((text) => text.includes(CANARY.nam))).to.equal(true);
  });

  it('is nobody by a part of her number, which is in the records of others too', async () => {
    for (const patient of ['a', CANARY.nam.slice(0, 4), `${CANARY.nam}0`]) {
      expect((await ask('POST', '/api/patients/export', { patient })).status).to.equal(404);
      const { json } = await ask('POST', '/api/patients/erase', { patient });
      expect(json).to.deep.equal({ patients: [], appointments: 0, waiting: 0, rejected: 0 });
    }
  });

  it('is erased with the messages that had her number in them, and the log never named her', async () => {
    const erased = await ask<{ patients: string[]; rejected: number }>('POST', '/api/patients/erase', {
      patient: CANARY.nam,
    });
    expect(erased.json.patients).to.have.length(1);
    expect(erased.json.rejected).to.be.greaterThan(1);
    for (const connection of ['dme', 'courriel', 'accueil']) {
      const { text } = await ask('GET', `/api/connections/${connection}/rejected?raw=true`, undefined, {
        mayName: true,
      });
      expect(text).not.to.contain(CANARY.nam);
    }
    expect(await end(gateway, 'SIGTERM')).to.equal(0);
    expect(saidBefore).to.contain('request');
    expect(canaryIn(saidBefore + gateway.output())).to.deep.equal([]);
  });
});

const isBinary = (resource: FhirResource | undefined): resource is Binary =>
  resource?.resourceType === 'Binary';
