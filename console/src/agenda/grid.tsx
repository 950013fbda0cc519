import { createCalendar, destroyCalendar, Interaction, ResourceTimeGrid } from '@event-calendar/core';
import '@event-calendar/core/index.css';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { useWords } from '../i18n/use-words.ts';
import { type Day, instantOf, offsetText, shortDayText, wallClock } from '../time/zone.ts';
import type { Entry } from './entries.ts';
import { contentOf } from './entry-content.ts';
import type { Schedule } from './model.ts';
import { moveFocus } from './move-focus.ts';
import { withoutTable } from './without-table.ts';

/** The grid of times: a column for each schedule, of one day or of each day of a week. Times are the clinic's wall clock. */

export type GridProps = {
  readonly first: Day;
  readonly view: 'day' | 'week';
  readonly zone: string;
  readonly schedules: readonly Schedule[];
  readonly entries: readonly Entry[];
  readonly chosenId: string | null;
  readonly titles: Readonly<Record<string, string>>;
  readonly onChoose: (entry: Entry) => void;
  /** Time was marked by the mouse or a finger. Instants. */
  readonly onMark: (time: {
    readonly schedule: string;
    readonly start: string;
    readonly end: string;
  }) => void;
  /** An appointment was drawn to another time. @param revert puts it back. */
  readonly onDraw: (
    entry: Entry,
    to: { readonly schedule: string; readonly start: string },
    revert: () => void,
  ) => void;
};

type Calendar = ReturnType<typeof createCalendar>;

const VIEWS = { day: 'resourceTimeGridDay', week: 'resourceTimeGridWeek' } as const;
const EARLIEST = 8;
const LATEST = 18;

export function Grid(props: GridProps) {
  const { first, view, zone, schedules, entries, chosenId, titles } = props;
  const { t, language } = useWords();
  const place = useRef<HTMLDivElement>(null);
  const calendar = useRef<Calendar | null>(null);
  const now = useRef(props);
  now.current = props;

  useEffect(() => {
    if (!place.current) return;
    const of = (id: string | number): Entry | undefined =>
      now.current.entries.find((entry) => entry.id === String(id));
    const made = createCalendar(place.current, [ResourceTimeGrid, Interaction], {
      headerToolbar: { start: '', center: '', end: '' },
      allDaySlot: false,
      firstDay: 1,
      slotDuration: '00:15',
      slotLabelInterval: '01:00',
      slotHeight: 22,
      slotEventOverlap: false,
      nowIndicator: true,
      selectable: true,
      unselectAuto: true,
      eventDurationEditable: false,
      eventStartEditable: false,
      selectBackgroundColor: 'var(--accent-ground)',
      snapDuration: '00:05',
      // Below that it is scrolled aside.
      columnWidth: 'minmax(7.5rem, 1fr)',
      eventClick: ({ event }) => {
        const entry = of(event.id);
        if (entry) now.current.onChoose(entry);
      },
      select: ({ startStr, endStr, resource }) => {
        const { zone: here, onMark } = now.current;
        onMark({ schedule: resource.id, start: instantOf(startStr, here), end: instantOf(endStr, here) });
        made.unselect();
      },
      eventDrop: ({ event, newResource, revert }) => {
        const entry = of(event.id);
        const { zone: here, onDraw } = now.current;
        if (!entry) return revert();
        const start = instantOf(wallOf(event.start), here);
        onDraw(entry, { schedule: newResource?.id ?? entry.schedule, start }, revert);
      },
    });
    calendar.current = made;
    const restore = withoutTable(place.current);
    return () => {
      restore();
      calendar.current = null;
      void destroyCalendar(made);
    };
  }, []);

  useEffect(() => {
    const made = calendar.current;
    if (!made) return;
    made.setOption('locale', `${language}-CA`);
    made.setOption('slotLabelFormat', (time) => wallOf(time).slice(11, 16));
    made.setOption('dayHeaderFormat', (date) => shortDayText(instantOf(wallOf(date), zone), zone));
    // Only the line that marks this moment goes by it: all other times are wall clock already.
    made.setOption('timeZone', offsetText(zone));
    made.setOption('view', VIEWS[view]);
    made.setOption('date', first);
    made.setOption('hiddenDays', view === 'week' ? emptyWeekend(entries, zone) : []);
    const hours = hoursOf(entries, zone);
    made.setOption('slotMinTime', hours.from);
    made.setOption('slotMaxTime', hours.to);
    made.setOption(
      'resources',
      schedules.map(({ id, practitioner }) => ({ id, title: practitioner.name })),
    );
    const practitioners = Object.fromEntries(
      schedules.map(({ id, practitioner }) => [id, practitioner.name]),
    );
    made.setOption('eventContent', ({ event }) => {
      const entry = now.current.entries.find(({ id }) => id === String(event.id));
      return entry ? { domNodes: contentOf(entry, { zone, titles, practitioners, t }) } : '';
    });
    made.setOption(
      'events',
      entries.map((entry) => ({
        id: entry.id,
        resourceIds: [entry.schedule],
        start: wallClock(entry.start, zone),
        end: wallClock(entry.end, zone),
        startEditable: entry.type === 'period' && entry.period.canMove.can,
        classNames: [
          'entry',
          entry.kind,
          ...(entry.type === 'period' && entry.isConflict ? ['conflict'] : []),
          ...(entry.id === chosenId ? ['chosen'] : []),
        ],
      })),
    );
  }, [entries, schedules, first, view, zone, chosenId, language, titles, t]);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (place.current && moveFocus(place.current, event.key)) event.preventDefault();
  };
  // biome-ignore lint/a11y/noStaticElementInteractions: arrows only move the focus among the buttons in it.
  return <div className="grid" ref={place} onKeyDown={onKeyDown} />;
}

/** The calendar gives the wall clock in the fields of a local Date, whatever the zone of the browser. */
function wallOf(date: Date): string {
  const pad = (number: number): string => String(number).padStart(2, '0');
  const day = `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
  return `${day}T${pad(date.getHours())}:${pad(date.getMinutes())}:00`;
}

/** From the first to the last hour that has anything, and a usual day at the least. */
function hoursOf(entries: readonly Entry[], zone: string): { from: string; to: string } {
  const clocks = entries.map(({ start, end }) => [wallClock(start, zone), wallClock(end, zone)] as const);
  const from = Math.min(EARLIEST, ...clocks.map(([start]) => Number(start.slice(11, 13))));
  const to = Math.max(
    LATEST,
    ...clocks.map(([start, end]) =>
      start.slice(0, 10) === end.slice(0, 10)
        ? Number(end.slice(11, 13)) + (end.slice(14, 16) === '00' ? 0 : 1)
        : 24,
    ),
  );
  return { from: `${String(from).padStart(2, '0')}:00`, to: `${to}:00` };
}

type Weekday = 0 | 6;

/** Saturday and Sunday, where there is nothing on them. */
function emptyWeekend(entries: readonly Entry[], zone: string): Weekday[] {
  const used = new Set(
    entries.map(({ start }) => new Date(`${wallClock(start, zone).slice(0, 10)}T00:00:00Z`).getUTCDay()),
  );
  return ([6, 0] as const).filter((day) => !used.has(day));
}
