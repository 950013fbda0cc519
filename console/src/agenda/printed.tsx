import { useWords } from '../i18n/use-words.ts';
import { type Day, dayOf, dayText, spanText, startOf, timeText } from '../time/zone.ts';
import type { Entry } from './entries.ts';
import { platformsOf, whatOf } from './entry-content.ts';
import type { Schedule } from './model.ts';

/** On paper: a table for each schedule and day, since a grid of times has no room for telephones and notes. */
export function Printed({
  days,
  zone,
  schedules,
  entries,
  titles,
}: {
  readonly days: readonly Day[];
  readonly zone: string;
  readonly schedules: readonly Schedule[];
  readonly entries: readonly Entry[];
  readonly titles: Readonly<Record<string, string>>;
}) {
  const { t } = useWords();
  const now = new Date().toISOString();
  return (
    <div className="printed" aria-hidden="true">
      {days.map((day) =>
        schedules.map((schedule) => {
          const own = entries.filter(
            (entry) => entry.schedule === schedule.id && dayOf(entry.start, zone) === day,
          );
          const noon = startOf(day, zone);
          return (
            own.length > 0 && (
              <section key={`${day} ${schedule.id}`}>
                <h2>{schedule.practitioner.name}</h2>
                <p>
                  {t('agenda.printed', {
                    day: dayText(noon, zone),
                    at: `${dayText(now, zone)}, ${timeText(now, zone)}`,
                  })}
                </p>
                <table>
                  <thead>
                    <tr>
                      {(['time', 'state', 'patient', 'phone', 'origin', 'notes'] as const).map((column) => (
                        <th key={column}>{t(`agenda.columns.${column}`)}</th>
                      ))}
                    </tr>
                  </thead>
                  <tbody>
                    {own.map((entry) => (
                      <PrintedEntry key={entry.id} entry={entry} zone={zone} titles={titles} />
                    ))}
                  </tbody>
                </table>
              </section>
            )
          );
        }),
      )}
    </div>
  );
}

function PrintedEntry({
  entry,
  zone,
  titles,
}: {
  readonly entry: Entry;
  readonly zone: string;
  readonly titles: Readonly<Record<string, string>>;
}) {
  const { t } = useWords();
  const period = entry.type === 'period' ? entry.period : null;
  return (
    <tr>
      <td>{spanText(entry.start, entry.end, zone)}</td>
      <td>{t(`agenda.kind.${entry.kind}`)}</td>
      <td>{period?.patient ? `${period.patient.name} ${period.patient.healthNumber ?? ''}` : ''}</td>
      <td>{period?.patient?.phone}</td>
      <td>{platformsOf(entry, titles, t).join(', ')}</td>
      <td>{period?.kind === 'block' ? whatOf(entry, t) : period?.comment}</td>
    </tr>
  );
}
