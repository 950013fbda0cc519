import { useSearchParams } from 'wouter';
import { addDays, type Day, isDay, mondayOf, today } from '../time/zone.ts';

/** What the page shows is in its address, so that it can be kept, sent and gone back to. */

export type View = {
  readonly view: 'day' | 'week';
  readonly day: Day;
  readonly location: string | null;
  /** Empty = all. */
  readonly schedules: readonly string[];
};

export function useView(zone: string): {
  readonly view: View;
  readonly show: (change: Partial<View>) => void;
} {
  const [parameters, setParameters] = useSearchParams();
  const day = parameters.get('day') ?? '';
  const view: View = {
    view: parameters.get('view') === 'week' ? 'week' : 'day',
    day: isDay(day) ? day : today(zone),
    location: parameters.get('location'),
    schedules: parameters.getAll('schedule'),
  };
  const show = (change: Partial<View>): void =>
    setParameters(() => {
      const next = { ...view, ...change };
      return new URLSearchParams([
        ...(next.day === today(zone) ? [] : [['day', next.day]]),
        ...(next.view === 'day' ? [] : [['view', next.view]]),
        ...(next.location === null ? [] : [['location', next.location]]),
        ...next.schedules.map((id) => ['schedule', id]),
      ]);
    });
  return { view, show };
}

export const daysOf = ({ view, day }: View): readonly Day[] => {
  if (view === 'day') return [day];
  const monday = mondayOf(day);
  return [0, 1, 2, 3, 4, 5, 6].map((days) => addDays(monday, days));
};

export const stepOf = ({ view, day }: View, direction: 1 | -1): Day =>
  addDays(day, direction * (view === 'day' ? 1 : 7));
