import { useWords } from '../i18n/use-words.ts';
import { useNotices } from '../parts/notices.tsx';
import { shortDayText, spanText } from '../time/zone.ts';
import { BookDialog } from './book-dialog.tsx';
import { CancelDialog } from './cancel-dialog.tsx';
import {
  bookAgain,
  cancelAppointment,
  moveAppointment,
  moveTime,
  type Time,
  unblock,
  withdraw,
} from './commands.ts';
import type { Period, Schedule, Slot } from './model.ts';
import { MoveDialog } from './move-dialog.tsx';
import { type Added, TimeDialog, type What } from './time-dialog.tsx';

/** Whatever stands over the page, and what is told once it is done. */

export type Open =
  | { readonly kind: 'book'; readonly slots: readonly [Slot, ...Slot[]] }
  | { readonly kind: 'time'; readonly time: Time; readonly isOver: boolean }
  | { readonly kind: 'move'; readonly period: Period; readonly wanted: string | null }
  | { readonly kind: 'cancel'; readonly period: Period };

export function Dialogs({
  open,
  zone,
  titles,
  schedules,
  slots,
  may,
  onClose,
  onDone,
}: {
  readonly open: Open;
  readonly zone: string;
  readonly titles: Readonly<Record<string, string>>;
  readonly schedules: readonly Schedule[];
  readonly slots: readonly Slot[];
  readonly may: readonly What[];
  readonly onClose: () => void;
  readonly onDone: () => void;
}) {
  const { t } = useWords();
  const tell = useNotices();
  const whenOf = ({ start, end }: Pick<Slot, 'start' | 'end'>): string =>
    `${shortDayText(start, zone)}, ${spanText(start, end, zone)}`;
  /** What is undone is told, and the agenda read again. */
  const undoing = (text: string, undo: () => Promise<unknown>) => async () => {
    await undo();
    onDone();
    return { text };
  };

  const tellBooked = (key: 'booked' | 'pending', id: string, time: Pick<Slot, 'start' | 'end'>): void => {
    const when = whenOf(time);
    const undo = undoing(t('agenda.done.cancelled', { when }), () => cancelAppointment(id));
    tell({ text: t(`agenda.done.${key}`, { when }), undo });
  };
  const onAdded = (added: Added): void => {
    const when = whenOf(added.time);
    if (added.what === 'book') tellBooked('booked', added.period.id, added.time);
    else if (added.what === 'offer') {
      const undo = undoing(t('agenda.done.withdrawn', { when }), () => withdraw(added.slotId));
      tell({ text: t('agenda.done.offered', { when }), undo });
    } else {
      const { period, meets } = added.answer;
      const count = meets?.length ?? 0;
      const text =
        count > 0 ? t('agenda.done.blockedOver', { when, count }) : t('agenda.done.blocked', { when });
      tell({ text, undo: undoing(t('agenda.done.unblocked', { when }), () => unblock(period.id)) });
    }
    onDone();
  };

  /** Null = where it was is no slot that is known here. */
  const backOf = (period: Period): (() => Promise<unknown>) | null => {
    if (period.origin === null) return () => moveTime(period.id, period);
    const former = slots.find(
      ({ connection, schedule, start, end }) =>
        connection === period.origin &&
        schedule === period.schedule &&
        start === period.start &&
        end === period.end,
    );
    const id = period.slot ?? former?.id;
    return id === undefined ? null : () => moveAppointment(period.id, { ...period, id });
  };

  switch (open.kind) {
    case 'book':
      return (
        <BookDialog
          slots={open.slots}
          zone={zone}
          titles={titles}
          onClose={onClose}
          onBooked={({ id, status }) => {
            const key = status === 'pending' ? 'pending' : 'booked';
            tellBooked(key, id, open.slots[0]);
            onDone();
          }}
        />
      );
    case 'time':
      return (
        <TimeDialog
          time={open.time}
          isOver={open.isOver}
          schedules={schedules}
          zone={zone}
          may={may}
          onClose={onClose}
          onAdded={onAdded}
        />
      );
    case 'move': {
      const { period } = open;
      return (
        <MoveDialog
          period={period}
          slots={slots}
          wanted={open.wanted}
          zone={zone}
          onClose={onClose}
          onMoved={(to) => {
            const text = t('agenda.done.moved', { when: whenOf(to) });
            const undone = t('agenda.done.moved', { when: whenOf(period) });
            const back = backOf(period);
            tell(back ? { text, undo: undoing(undone, back) } : { text });
            onDone();
          }}
        />
      );
    }
    case 'cancel': {
      const { period } = open;
      const practitioner = schedules.find(({ id }) => id === period.schedule)?.practitioner.id;
      const canUndo = practitioner !== undefined && period.slot !== null && period.patient !== null;
      return (
        <CancelDialog
          period={period}
          zone={zone}
          onClose={onClose}
          onCancelled={() => {
            const when = whenOf(period);
            const text = t('agenda.done.cancelled', { when });
            const again = t('agenda.done.booked', { when });
            tell(canUndo ? { text, undo: undoing(again, () => bookAgain(period, practitioner)) } : { text });
            onDone();
          }}
        />
      );
    }
  }
}
