import { useCallback, useMemo, useState } from 'react';
import { mayDo, type Session } from '../api/session.ts';
import { useWords } from '../i18n/use-words.ts';
import { ProblemNote } from '../parts/problem-note.tsx';
import { useKeys } from '../parts/use-keys.ts';
import { dayText, startOf, today } from '../time/zone.ts';
import { Dialogs, type Open } from './dialogs.tsx';
import { type Entry, entriesOf } from './entries.ts';
import { EntryActions } from './entry-actions.tsx';
import { Grid } from './grid.tsx';
import { Legend } from './legend.tsx';
import type { Agenda, Schedule } from './model.ts';
import { Panel } from './panel.tsx';
import { Printed } from './printed.tsx';
import { StaleNotes } from './stale-notes.tsx';
import type { What } from './time-dialog.tsx';
import { Toolbar } from './toolbar.tsx';
import { useAgenda } from './use-agenda.ts';
import { daysOf, stepOf, useView } from './view.ts';

/** The agenda of one place: the grid, what was chosen in it, and what can be done with that. */
export function Board({
  session,
  schedules: all,
}: {
  readonly session: Session;
  readonly schedules: readonly Schedule[];
}) {
  const { t, language } = useWords();
  const zoneOf = (location: string | null): string =>
    (all.find((each) => each.location.id === location) ?? all[0])?.timeZone ?? 'America/Toronto';
  const [location, setLocation] = useState(() => new URLSearchParams(window.location.search).get('location'));
  const zone = zoneOf(location);
  const { view, show } = useView(zone);
  const here = all.filter((each) => each.location.id === (view.location ?? all[0]?.location.id));
  const chosenOnes = here.filter(({ id }) => view.schedules.includes(id));
  const schedules = chosenOnes.length > 0 ? chosenOnes : here;
  const days = daysOf(view);
  const [first = view.day] = days;
  const { agenda, error, stream, refetch } = useAgenda(first, days.length, zone);

  const shownIds = schedules.map(({ id }) => id).join(' ');
  const columns = useMemo(() => all.filter(({ id }) => shownIds.split(' ').includes(id)), [all, shownIds]);
  const { slots, periods } = agenda ?? NOTHING;
  // Read anew each second, they are the same ones until something has changed: only then is the grid drawn anew.
  const entries = useMemo(
    () => entriesOf({ schedules: [...all], slots, periods }, new Set(shownIds.split(' '))),
    [all, slots, periods, shownIds],
  );
  const titles = useMemo(() => titlesOf(all, language), [all, language]);
  const [chosenId, setChosenId] = useState<string | null>(null);
  const chosen = entries.find(({ id }) => id === chosenId) ?? null;
  const [open, setOpen] = useState<Open | null>(null);
  const may = mayOf(session);
  const add = useCallback((): void => {
    const schedule = columns[0];
    if (schedule && may.length > 0)
      setOpen({ kind: 'time', time: usualTime(schedule, first, zone), isOver: false });
  }, [columns, first, zone, may.length]);
  useKeys({
    n: add,
    t: () => show({ day: today(zone) }),
    j: () => show({ view: 'day' }),
    s: () => show({ view: 'week' }),
    pageup: () => show({ day: stepOf(view, -1) }),
    pagedown: () => show({ day: stepOf(view, 1) }),
  });
  const title = dayText(startOf(first, zone), zone);

  return (
    <>
      <Toolbar
        view={view}
        zone={zone}
        title={view.view === 'week' ? t('agenda.weekOf', { day: title }) : title}
        stream={stream}
        schedules={here}
        locations={[...new Map(all.map((each) => [each.location.id, each.location])).values()]}
        onShow={(change) => {
          if (change.location !== undefined) setLocation(change.location);
          show(change);
        }}
        onAdd={may.length > 0 ? add : null}
      />
      {error !== null && error !== undefined && <ProblemNote error={error} onRetry={refetch} />}
      {agenda && (
        <StaleNotes schedules={agenda.schedules.filter(({ id }) => shownIds.split(' ').includes(id))} />
      )}
      {agenda && entries.length === 0 && <p className="note">{t('agenda.nothing')}</p>}
      <div className="agenda">
        <section aria-label={t('agenda.grid', { day: title })} className="sheet">
          <Grid
            first={first}
            view={view.view}
            zone={zone}
            schedules={columns}
            entries={entries}
            chosenId={chosenId}
            titles={titles}
            onChoose={(entry) => setChosenId(entry.id)}
            onMark={(time) =>
              may.length > 0 && setOpen({ kind: 'time', time, isOver: isTaken(entries, time) })
            }
            onDraw={(entry, to, revert) => {
              revert();
              if (entry.type === 'period') setOpen({ kind: 'move', period: entry.period, wanted: to.start });
            }}
          />
          <Legend />
        </section>
        <aside aria-label={t('agenda.panel.title')} className="sheet panel" aria-live="polite">
          <h2>{t('agenda.panel.title')}</h2>
          {chosen ? (
            <Panel
              entry={chosen}
              schedules={agenda?.schedules ?? all}
              zone={zone}
              titles={titles}
              actions={
                <EntryActions
                  entry={chosen}
                  session={session}
                  schedules={all}
                  zone={zone}
                  onOpen={setOpen}
                  onDone={refetch}
                />
              }
            />
          ) : (
            <p className="quiet-text">{t('agenda.panel.none')}</p>
          )}
        </aside>
      </div>
      <Printed days={days} zone={zone} schedules={columns} entries={entries} titles={titles} />
      {open && (
        <Dialogs
          open={open}
          zone={zone}
          titles={titles}
          schedules={here}
          slots={agenda?.slots ?? []}
          may={may}
          onClose={() => setOpen(null)}
          onDone={() => {
            setOpen(null);
            refetch();
          }}
        />
      )}
    </>
  );
}

const NOTHING: Pick<Agenda, 'slots' | 'periods'> = { slots: [], periods: [] };

const titlesOf = (schedules: readonly Schedule[], language: 'fr' | 'en'): Readonly<Record<string, string>> =>
  Object.fromEntries(
    schedules.flatMap(({ calendars }) =>
      calendars.map(({ connection, title }) => [connection, title[language]]),
    ),
  );

/** What the person may add. */
function mayOf(session: Session): readonly What[] {
  return [
    ...(mayDo(session, 'Appointment', 'c') ? (['book'] as const) : []),
    ...(mayDo(session, 'Slot', 'c') ? (['block', 'offer'] as const) : []),
  ];
}

const QUARTER_MILLISECONDS = 15 * 60_000;

/** The quarter of an hour that comes next, or nine o'clock of a day that has yet to come. */
function usualTime(schedule: Schedule, first: string, zone: string) {
  const next = Math.ceil(Date.now() / QUARTER_MILLISECONDS) * QUARTER_MILLISECONDS;
  const start = Math.max(next, Date.parse(startOf(first, zone)) + 9 * 3_600_000);
  return {
    schedule: schedule.id,
    start: new Date(start).toISOString(),
    end: new Date(start + QUARTER_MILLISECONDS).toISOString(),
  };
}

const isTaken = (
  entries: readonly Entry[],
  time: { readonly schedule: string; readonly start: string; readonly end: string },
): boolean =>
  entries.some(
    (entry) =>
      entry.type === 'period' &&
      entry.kind !== 'hold' &&
      entry.schedule === time.schedule &&
      Date.parse(entry.start) < Date.parse(time.end) &&
      Date.parse(time.start) < Date.parse(entry.end),
  );
