import { useState } from 'react';
import { useWords } from '../i18n/use-words.ts';
import { dayText, shortDayText, spanText, startOf, timeText } from '../time/zone.ts';
import type { Sheet, SheetEntry, SheetSchedule } from './model.ts';

/** The contingency sheet: by doctor, who comes and what is still free; to be read here, printed, or taken away as a file. */
export function SheetView({
  sheet,
  isOld,
  query,
}: {
  readonly sheet: Sheet;
  /** The gateway does not answer just now: this is the last that it gave. */
  readonly isOld: boolean;
  readonly query: Readonly<Record<string, string>>;
}) {
  const { t, language } = useWords();
  const [day, setDay] = useState<0 | 1>(0);
  const zone = sheet.locations[0]?.timeZone ?? 'America/Toronto';
  const when = `${shortDayText(sheet.asOf, zone)}, ${timeText(sheet.asOf, zone)}`;
  const file = (kind: 'pdf' | 'csv'): string =>
    `/api/contingency.${kind}?${new URLSearchParams({ ...query, lang: language })}`;
  const stale = sheet.sources.filter((source) => source.stale);
  return (
    <>
      <div className="row no-print">
        <fieldset className="segmented" aria-label={t('outage.sheet.day')}>
          {([0, 1] as const).map((each) => (
            <button key={each} type="button" aria-pressed={day === each} onClick={() => setDay(each)}>
              {t(each === 0 ? 'outage.sheet.today' : 'outage.sheet.tomorrow')}
            </button>
          ))}
        </fieldset>
        <button type="button" className="quiet" onClick={() => window.print()}>
          {t('outage.sheet.print')}
        </button>
        <a className="button quiet" href={file('pdf')} download>
          PDF
        </a>
        <a className="button quiet" href={file('csv')} download>
          CSV
        </a>
      </div>
      <p className={isOld || sheet.stale ? 'note warn' : 'quiet-text'} role="status">
        {t(isOld ? 'outage.sheet.silent' : sheet.stale ? 'outage.sheet.stale' : 'outage.sheet.asOf', {
          when,
        })}
      </p>
      {stale.length > 0 && (
        <p className="note warn">
          {t('outage.sheet.sources', { titles: stale.map(({ title }) => title[language]).join(', ') })}
        </p>
      )}
      {sheet.locations.flatMap((location) =>
        location.schedules.map((schedule) => (
          <Day
            key={schedule.id}
            schedule={schedule}
            place={location.name}
            zone={location.timeZone}
            day={day}
          />
        )),
      )}
    </>
  );
}

function Day({
  schedule,
  place,
  zone,
  day,
}: {
  readonly schedule: SheetSchedule;
  readonly place: string;
  readonly zone: string;
  readonly day: 0 | 1;
}) {
  const { t, language } = useWords();
  const shown = schedule.days[day];
  if (!shown) return null;
  return (
    <section className="sheet doctor">
      <h3>
        {schedule.practitioner} — {schedule.service[language]}, {place}
      </h3>
      <p className="quiet-text">{dayText(startOf(shown.date, zone), zone)}</p>
      {shown.entries.length === 0 ? (
        <p>{t('outage.sheet.nothing')}</p>
      ) : (
        <div className="wide-table">
          <table>
            <thead>
              <tr>
                {(['time', 'state', 'patient', 'phone', 'platform', 'notes'] as const).map((column) => (
                  <th key={column} scope="col">
                    {t(`outage.sheet.columns.${column}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {shown.entries.map((entry) => (
                <EntryRow
                  key={entry.kind === 'visit' ? entry.appointment : `${entry.start} ${entry.end}`}
                  entry={entry}
                  zone={zone}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function EntryRow({ entry, zone }: { readonly entry: SheetEntry; readonly zone: string }) {
  const { t, language } = useWords();
  const time = (
    <th scope="row">
      <time dateTime={entry.start}>{spanText(entry.start, entry.end, zone)}</time>
    </th>
  );
  if (entry.kind === 'free') {
    const { platforms, stale, bookableFrom, places } = entry;
    return (
      <tr>
        {time}
        <td>
          <span className={`badge ${stale ? 'warn' : 'free'}`}>
            {t(stale ? 'outage.sheet.maybeFree' : 'outage.sheet.free')}
          </span>
          {places > 1 && ` × ${places}`}
        </td>
        <td />
        <td />
        <td>{platforms.map((title) => title[language]).join(', ')}</td>
        <td>
          {bookableFrom !== null &&
            t('outage.sheet.from', {
              when: `${shortDayText(bookableFrom, zone)}, ${timeText(bookableFrom, zone)}`,
            })}
        </td>
      </tr>
    );
  }
  const { state, conflict, patient, platform, confirmation, comment } = entry;
  return (
    <tr>
      {time}
      <td>
        <span className={`badge ${state === 'booked' ? 'booked' : 'held'}`}>
          {t(`outage.sheet.${state}`)}
        </span>
        {conflict && <span className="badge wrong">{t('agenda.conflict')}</span>}
      </td>
      <td>
        {patient && `${patient.given} ${patient.family}`}
        {patient?.nam && <span className="quiet-text"> {patient.nam}</span>}
      </td>
      <td>{patient?.phone && <a href={`tel:${patient.phone}`}>{patient.phone}</a>}</td>
      <td>
        {platform === null ? t('agenda.here') : platform[language]}
        {confirmation !== null && <span className="quiet-text"> {confirmation}</span>}
      </td>
      <td>{comment}</td>
    </tr>
  );
}
