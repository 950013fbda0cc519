import { useWords } from '../i18n/use-words.ts';
import { useNow } from '../time/use-now.ts';
import { agoText } from '../time/zone.ts';
import type { Calendar, Schedule } from './model.ts';

/** Which platforms were not confirmed for too long: what they show may not be so any more (design.md, rule 6). */
export function StaleNotes({ schedules }: { readonly schedules: readonly Schedule[] }) {
  const { t, language } = useWords();
  const now = useNow(10_000);
  const stale = new Map<string, Calendar>();
  for (const calendar of schedules.flatMap(({ calendars }) => calendars)) {
    if (calendar.stale && !calendar.editedHere) stale.set(calendar.connection, calendar);
  }
  return [...stale.values()].map(({ connection, title, confirmedAt }) => (
    <p className="note warn" role="status" key={connection}>
      {confirmedAt === null
        ? t('agenda.never', { title: title[language] })
        : t('agenda.stale', { title: title[language], ago: agoText(confirmedAt, now) })}
    </p>
  ));
}
