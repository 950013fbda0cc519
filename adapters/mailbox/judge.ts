import type { News } from '../../src/adapter/contract.ts';
import { DAY, type Instant, instant, MINUTE } from '../../src/domain/instant.ts';
import { isWithin, problemOf } from './authenticity.ts';
import { fold } from './fold.ts';
import { readInvitation } from './invitation.ts';
import { readLines } from './labelled-notice.ts';
import { type Letter, NoLetter, readLetter } from './letter.ts';
import type { Settings } from './manifest.ts';
import { type Notice, type Reading, Unread } from './notice.ts';
import type { Template } from './template.ts';
import { TEMPLATES } from './templates/index.ts';

/** What becomes of one message: who it is from, whether that is true, and what it says. */

type Payload = Extract<News, { outcome: 'payload' }>;

export type Verdict = {
  /** Where it is put once that is committed. `aside`: trusted, and not understood. `refused`: from nobody that is trusted. */
  readonly folder: 'taken' | 'aside' | 'refused';
  readonly notice: Notice | null;
  readonly news: Payload;
};

export type Judging = {
  readonly settings: Pick<Settings, 'senders' | 'agendas' | 'days' | 'templates' | 'authentication'>;
  readonly now: Instant;
  readonly zoneOf: (calendar: string) => string | null;
};

/** Clocks of mail servers differ by that much; what is later still would make all that is true look old. */
const AHEAD_MILLISECONDS_MAX = 15 * MINUTE;

export async function judge(source: Buffer, judging: Judging): Promise<Verdict> {
  const { settings, now } = judging;
  let letter: Letter;
  try {
    letter = await readLetter(source);
  } catch (error) {
    if (!(error instanceof NoLetter)) throw error;
    return refused(error.message);
  }
  const senders = settings.senders.filter(({ domain }) => isWithin(letter.domain, domain));
  if (senders.length === 0) return refused('from: nobody that the connection trusts');
  const { server } = settings.authentication;
  const problems = senders.map((sender) => problemOf(letter, { ...sender, server }));
  const trusted = senders.filter((_, index) => problems[index] === null);
  if (trusted.length === 0) return refused(problems[0] ?? 'not trusted');
  if (letter.sentAt > now + AHEAD_MILLISECONDS_MAX) return refused('date: of a time to come');
  if (letter.sentAt < now - settings.days * DAY) return refused('date: longer ago than notices are taken in');
  try {
    for (const sender of trusted) {
      const notice = noticeBy(letter, sender, judging);
      if (notice) return { folder: 'taken', notice, news: newsOf(notice, letter.sentAt) };
    }
  } catch (error) {
    if (!(error instanceof Unread)) throw error;
    return aside(letter, error.message, error.externalId);
  }
  return aside(letter, 'no template is for such a notice', null);
}

function noticeBy(
  letter: Letter,
  sender: Settings['senders'][number],
  { settings, zoneOf }: Judging,
): Notice | null {
  const template = templateOf(sender.template, settings.templates);
  const reading: Reading = {
    calendar: sender.calendar,
    minutes: sender.minutes,
    agendas: new Map(Object.entries(settings.agendas).map(([name, calendar]) => [fold(name), calendar])),
    zoneOf,
  };
  if (template === null) return null;
  return template.reads === 'invitation'
    ? readInvitation(letter, template, reading)
    : readLines(letter, template, reading);
}

/** The clinic's own come first. */
export const templateOf = (id: string, own: readonly Template[]): Template | null =>
  [...own, ...TEMPLATES].find((each) => each.id === id) ?? null;

const NOTHING: Payload = { outcome: 'payload', rows: [], removed: [], rejected: [] };

function newsOf(notice: Notice, sentAt: Instant): Payload {
  if (notice.kind === 'nothing') return NOTHING;
  const { externalId, sequence } = notice;
  if (notice.kind === 'ended') return { ...NOTHING, removed: [{ kind: 'busy', externalId, sequence }] };
  const { replaces, calendar, interval } = notice;
  const isAnother = replaces !== null && replaces !== externalId;
  return {
    ...NOTHING,
    rows: [
      {
        kind: 'busy',
        busyKind: 'appointment',
        externalId,
        calendar,
        interval,
        mark: null,
        revision: null,
        sequence,
        expiresAt: null,
        changedAt: instant(sentAt),
      },
    ],
    removed: isAnother ? [{ kind: 'busy', externalId: replaces, sequence: sequence + 1 }] : [],
  };
}

/** Its text is not kept: it lies in the folder, and anybody may have written it. */
export const refused = (reason: string): Verdict => ({
  folder: 'refused',
  notice: null,
  news: { ...NOTHING, rejected: [{ externalId: null, reason }] },
});

export const setAside = (
  reason: string,
  record: Partial<Pick<Payload['rejected'][number], 'externalId' | 'raw'>> = {},
): Verdict => ({
  folder: 'aside',
  notice: null,
  news: { ...NOTHING, rejected: [{ externalId: null, reason, ...record }] },
});

const aside = ({ subject, texts, calendars }: Letter, reason: string, externalId: string | null): Verdict =>
  setAside(reason, {
    externalId,
    raw: [subject, ...texts, ...calendars.map(({ text }) => text)].join('\n'),
  });
