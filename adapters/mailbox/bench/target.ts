import { codeMaps } from '../../../src/adapter/concept-map.ts';
import { Agenda, emptyState } from '../../../src/adapter/simulator/agenda.ts';
import { systemClock } from '../../../src/adapter/simulator/system-clock.ts';
import { agendaHands } from '../../../src/conformance/agenda-hands.ts';
import type { FaultProxy } from '../../../src/conformance/proxy.ts';
import { until } from '../../../src/conformance/real-server.ts';
import {
  type Bench,
  type FeedAnswer,
  type Person,
  type PlatformTarget,
  SECRET,
} from '../../../src/conformance/target.ts';
import { DAY, HOUR, plus } from '../../../src/domain/instant.ts';
import adapter from '../adapter.ts';
import { type Dovecot, MAIL_SERVER, type Maildir, PASSWORD, sharedDovecot } from './dovecot.ts';
import { CALENDAR, FORMS, letter, noticeText, SENDERS, type Told } from './notices.ts';

/** A platform that is no more than an agenda and the notices it sends, into a mailbox on a real Dovecot. */
export const dovecotTarget: PlatformTarget = {
  adapter,
  name: 'Dovecot',
  stage: 'server',
  open: async ({ zone }) => openBench(await sharedDovecot(), zone),
};

/** Who is asked. They bring no list, and what they do there no notice tells. */
const PERSON: Person = {
  calendarName: 'Dr Tremblay Fictif',
  badLine: '',
  copies: () => Promise.reject(new Error('no list is read of it')),
  does: () => Promise.reject(new Error('nothing of it would be told')),
};

const AGENDAS = { 'Dr Tremblay Fictif': CALENDAR, 'dr-tremblay@clinique.example': CALENDAR };
/** Folders, and what it means to be put there: what is set aside was heard. */
const ANSWERS: readonly (readonly [folder: string, answer: FeedAnswer])[] = [
  ['Passerelle/traités', 'accepted'],
  ['Passerelle/à voir', 'accepted'],
  ['Passerelle/refusés', 'refused'],
];

let opened = 0;

async function openBench(server: Dovecot, zone: string): Promise<Bench> {
  opened += 1;
  const mailbox = server.mailbox(`essai-${process.pid}-${opened}`);
  const agenda = new Agenda<null>(emptyState<null>('mailbox'), {
    clock: systemClock,
    zone,
    idOf: (_kind, ordinal) => `FICTIF-${ordinal}`,
  });
  const hands = agendaHands(agenda, CALENDAR);
  const post = new Post(mailbox);
  const known = new Map<string, Told>();
  agenda.onChange = ({ id, kind, record }) => {
    if (kind === 'slot') return;
    const before = known.get(id);
    const form = before?.form ?? FORMS[known.size % FORMS.length] ?? 'fr';
    const at = agenda.clock.now();
    if (record === null) {
      known.delete(id);
      if (before) post.send(noticeText({ ...before, kind: 'cancelled', at }));
      return;
    }
    const told: Told = { kind: before ? 'moved' : 'booked', id, interval: record.interval, zone, at, form };
    known.set(id, told);
    post.send(noticeText(told));
  };
  return {
    baseUrl: `imaps://127.0.0.1:${server.port}`,
    settings: () => settingsFor(server, mailbox.user),
    expired: () => settingsFor(server, mailbox.user, 'expired'),
    maps: codeMaps([]),
    emptyMaps: null,
    ...hands,
    zone,
    tamper: null,
    pointWebhook: null,
    feed: {
      point: (address) =>
        post.point(
          address,
          [...known.values()].map((each) => noticeText(each)),
        ),
      told: () => post.told(),
      repeat: () => post.repeat(),
      tellMalformed: () => post.send(malformed()),
      hostile: hostile().map((message) => () => post.answerTo(message)),
      answers: post.answers,
      hearsFailures: false,
    },
    person: PERSON,
    startProxy: async () => NO_PROXY,
    close: () => server.stop(),
  };
}

/** Nothing is asked of it by HTTP. */
const NO_PROXY: FaultProxy = {
  ...{ url: '', seen: [], failures: [], set: () => undefined },
  stalled: () => new Promise(() => undefined),
  close: async () => undefined,
};

export const settingsFor = (
  { port, ca }: Dovecot,
  username: string,
  password: string = PASSWORD,
): Record<string, unknown> => ({
  ...{ title: 'Plateforme fictive', host: '127.0.0.1', port, ca },
  auth: { kind: 'password', username, password },
  authentication: { server: MAIL_SERVER },
  senders: SENDERS,
  names: { [CALENDAR]: PERSON.calendarName },
  agendas: AGENDAS,
});

/** Puts letters into the mailbox, while there is somebody who hears it, and looks on the disk at what became of them. */
class Post {
  readonly answers: FeedAnswer[] = [];
  readonly #mailbox: Maildir;
  readonly #counted = new Map<string, number>();
  #isHeard = false;
  #last = '';

  constructor(mailbox: Maildir) {
    this.#mailbox = mailbox;
  }

  point(address: string | null, standing: readonly string[]): void {
    this.#isHeard = address !== null;
    if (address === null) this.#mailbox.empty('INBOX');
    for (const message of standing) this.send(message);
  }

  send(message: string): void {
    if (!this.#isHeard) return;
    this.#last = message;
    this.#mailbox.deliver(message);
  }

  repeat(): void {
    this.send(this.#last);
  }

  async told(): Promise<void> {
    await until('the inbox is empty', async () => {
      this.#look();
      return this.#mailbox.messages('INBOX').length === 0;
    });
    this.#look();
  }

  async answerTo(message: string): Promise<FeedAnswer> {
    const before = this.answers.length;
    this.send(message);
    await this.told();
    return this.answers[before] ?? 'none';
  }

  #look(): void {
    for (const [folder, answer] of ANSWERS) {
      const there = this.#mailbox.messages(folder).length;
      for (let count = this.#counted.get(folder) ?? 0; count < there; count += 1) this.answers.push(answer);
      this.#counted.set(folder, there);
    }
  }
}

/** A name where the date should be. */
const malformed = (): string =>
  letter(
    `No de confirmation : FICTIF-X\nMédecin : Dr Tremblay Fictif\nDate : ${SECRET}\nHeure : ${SECRET}`,
    systemClock.now(),
  );

/** From nobody that can be believed. */
function hostile(): readonly string[] {
  const now = systemClock.now();
  const body =
    'No de confirmation : FAUX-1\nMédecin : Dr Tremblay Fictif\nDate : 2027-01-04\nHeure : 9 h 20\nDurée : 20 min';
  return [
    '',
    'GET / HTTP/1.1\r\n\r\n',
    '\0\0\0',
    letter(body, now, { results: null }),
    letter(body, now, { results: 'mx.ailleurs.example; dkim=pass header.d=plateforme-fictive.example' }),
    letter(body, now, { from: 'Plateforme fictive <avis@plateforme-fictive.example.ailleurs.example>' }),
    letter(body, now, { above: ['From: autre@ailleurs.example'] }),
    letter(body, plus(now, 2 * HOUR)),
    letter(body, plus(now, -30 * DAY)),
    letter('x'.repeat(2 * 1024 * 1024), now),
  ];
}
