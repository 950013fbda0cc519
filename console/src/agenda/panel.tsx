import type { ReactNode } from 'react';
import { useWords } from '../i18n/use-words.ts';
import { Countdown } from '../parts/countdown.tsx';
import { useNow } from '../time/use-now.ts';
import { agoText, shortDayText, spanText, timeText } from '../time/zone.ts';
import type { Entry } from './entries.ts';
import { isBlockReason, platformsOf, whatOf } from './entry-content.ts';
import type { Listing, Period, Schedule } from './model.ts';
import { type OriginRow, type Row, standingsOf } from './standings.ts';

/** What was chosen, at length: when, who, and how it stands on each platform. */

const OVERRIDE_REASONS = ['urgent', 'overbooking', 'agreed', 'other'] as const;

export function Panel({
  entry,
  schedules,
  zone,
  titles,
  actions,
}: {
  readonly entry: Entry;
  readonly schedules: readonly Schedule[];
  readonly zone: string;
  readonly titles: Readonly<Record<string, string>>;
  readonly actions: ReactNode;
}) {
  const { t } = useWords();
  const { start, end } = entry;
  const rows = standingsOf(entry, schedules);
  return (
    <>
      <p>
        <span className={`badge ${badgeOf(entry)}`}>{t(`agenda.kind.${entry.kind}`)}</span>
      </p>
      <p className="panel-what">{whatOf(entry, t)}</p>
      {entry.type === 'period' && entry.isConflict && (
        <p className="note wrong">{t('agenda.panel.conflict')}</p>
      )}
      {entry.type === 'slot' && entry.kind === 'withheld' && <Withheld entry={entry} zone={zone} />}
      <dl className="facts">
        <dt>{t('agenda.panel.when')}</dt>
        <dd>
          {shortDayText(start, zone)}, <time dateTime={start}>{spanText(start, end, zone)}</time>
        </dd>
        {entry.type === 'period' && <PeriodFacts period={entry.period} />}
        <dt>{t(entry.type === 'slot' ? 'agenda.panel.offered' : 'agenda.panel.origin')}</dt>
        <dd>{platformsOf(entry, titles, t).join(', ')}</dd>
      </dl>
      {actions}
      <h3>{t('agenda.panel.platforms')}</h3>
      {rows.length === 0 ? (
        <p className="quiet-text">{t('agenda.panel.onlyHere')}</p>
      ) : (
        <Standings rows={rows} zone={zone} titles={titles} />
      )}
    </>
  );
}

function Withheld({ entry, zone }: { readonly entry: Entry; readonly zone: string }) {
  const { t } = useWords();
  const from = entry.slots.find(({ bookableFrom }) => bookableFrom !== null)?.bookableFrom;
  const when = from && `${shortDayText(from, zone)}, ${timeText(from, zone)}`;
  return <p className="note">{when ? t('agenda.panel.releasedAt', { when }) : t('agenda.panel.withheld')}</p>;
}

function PeriodFacts({ period }: { readonly period: Period }) {
  const { t } = useWords();
  const { patient, comment, expiresAt, reason, kind } = period;
  const override = OVERRIDE_REASONS.find((each) => each === reason);
  const reasonText = isBlockReason(reason) && kind === 'block' ? t(`agenda.blockReasons.${reason}`) : null;
  const facts: readonly (readonly [string, ReactNode])[] = [
    [t('agenda.panel.phone'), patient?.phone && <a href={`tel:${patient.phone}`}>{patient.phone}</a>],
    [t('agenda.panel.healthNumber'), patient?.healthNumber],
    [t('agenda.panel.comment'), comment],
    [t('agenda.panel.reason'), reasonText ?? (override && t(`agenda.reasons.${override}`))],
    [t('agenda.panel.until'), expiresAt && <Countdown until={expiresAt} />],
  ];
  return facts
    .filter(([, value]) => value)
    .map(([name, value]) => (
      <div className="fact" key={name}>
        <dt>{name}</dt>
        <dd>{value}</dd>
      </div>
    ));
}

function Standings({
  rows,
  zone,
  titles,
}: {
  readonly rows: readonly Row[];
  readonly zone: string;
  readonly titles: Readonly<Record<string, string>>;
}) {
  const { t } = useWords();
  return (
    <table>
      <thead>
        <tr>
          {(['platform', 'wanted', 'known', 'since'] as const).map((column) => (
            <th key={column} scope="col">
              {t(`agenda.panel.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) =>
          row.type === 'origin' ? (
            <Origin key={`${row.connection} origin`} row={row} zone={zone} titles={titles} />
          ) : (
            <Mirrored
              key={`${row.connection} ${row.schedule} ${row.kind}`}
              row={row}
              zone={zone}
              titles={titles}
            />
          ),
        )}
      </tbody>
    </table>
  );
}

type RowProps<R extends Row> = {
  readonly row: R;
  readonly zone: string;
  readonly titles: Readonly<Record<string, string>>;
};

/** What stands there by itself: nothing is wanted of it but that it stays. */
function Origin({ row, zone, titles }: RowProps<OriginRow>) {
  const { t } = useWords();
  const { connection, known, confirmedAt, stale } = row;
  return (
    <tr>
      <th scope="row">
        {titles[connection] ?? connection}
        <br />
        <span className={`badge ${stale ? 'warn' : 'free'}`}>
          {t(stale ? 'agenda.listing.stale' : 'agenda.listing.origin')}
        </span>
      </th>
      <td>{t(`agenda.standing.${known}`)}</td>
      <td>{t(`agenda.standing.${known}`)}</td>
      <td>
        {confirmedAt === null ? (
          t('agenda.panel.neverRead')
        ) : (
          <Ago instant={confirmedAt} zone={zone} isRead />
        )}
      </td>
    </tr>
  );
}

function Mirrored({ row, zone, titles }: RowProps<Extract<Row, { type: 'listing' }>>) {
  const { t, language } = useWords();
  const now = useNow(10_000);
  const { connection, wanted, known, state, since, error, attempts, nextAttemptAt } = row;
  return (
    <tr>
      <th scope="row">
        {titles[connection] ?? connection}
        <br />
        <span className={`badge ${BADGES[state]}`}>{t(`agenda.listing.${state}`)}</span>
      </th>
      <td>{t(`agenda.standing.${wanted}`)}</td>
      <td>
        {t(`agenda.standing.${known}`)}
        {error && <p className="wrong-text">{error[language]}</p>}
        {attempts > 0 && (
          <p className="quiet-text">
            {t('agenda.panel.attempts', { count: attempts })}
            {nextAttemptAt && `, ${t('agenda.panel.next', { when: agoText(nextAttemptAt, now) })}`}
          </p>
        )}
      </td>
      <td>
        <Ago instant={since} zone={zone} />
      </td>
    </tr>
  );
}

function Ago({
  instant,
  zone,
  isRead = false,
}: {
  readonly instant: string;
  readonly zone: string;
  readonly isRead?: boolean;
}) {
  const { t } = useWords();
  const now = useNow(10_000);
  const ago = agoText(instant, now);
  return (
    <time dateTime={instant} title={`${shortDayText(instant, zone)}, ${timeText(instant, zone)}`}>
      {isRead ? t('agenda.panel.read', { ago }) : ago}
    </time>
  );
}

const BADGES: Readonly<Record<Listing['state'], string>> = {
  agrees: 'free',
  waiting: 'warn',
  unsure: 'warn',
  asked: 'warn',
  failing: 'wrong',
};

function badgeOf(entry: Entry): string {
  switch (entry.kind) {
    case 'free':
      return 'free';
    case 'appointment':
      return 'booked';
    case 'pending':
    case 'hold':
      return 'held';
    default:
      return '';
  }
}
