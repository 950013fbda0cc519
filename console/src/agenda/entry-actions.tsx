import { useMutation } from '@tanstack/react-query';
import { hasDuty, mayDo, type Session } from '../api/session.ts';
import { useWords } from '../i18n/use-words.ts';
import { type Notice, useNotices } from '../parts/notices.tsx';
import { shortDayText, spanText } from '../time/zone.ts';
import { block, cancelAppointment, offer, unblock, withdraw } from './commands.ts';
import type { Open } from './dialogs.tsx';
import { bookable, type Entry, type PeriodEntry, type SlotEntry } from './entries.ts';
import { isBlockReason } from './entry-content.ts';
import type { Schedule, Slot } from './model.ts';

/** What can be done with an entry by whoever looks at it; what cannot, says why. */

type ActionsProps<E extends Entry = Entry> = {
  readonly entry: E;
  readonly session: Session;
  readonly schedules: readonly Schedule[];
  readonly zone: string;
  readonly onOpen: (open: Open) => void;
  readonly onDone: () => void;
};

export function EntryActions(props: ActionsProps) {
  const { entry } = props;
  return entry.type === 'slot' ? (
    <SlotActions {...props} entry={entry} />
  ) : (
    <PeriodActions {...props} entry={entry} />
  );
}

/** Does something at once, and tells what was done and how it is undone. */
function useDeed(onDone: () => void) {
  const { t } = useWords();
  const tell = useNotices();
  return useMutation({
    mutationFn: (deed: () => Promise<Notice>) => deed(),
    onSuccess: (notice) => {
      tell(notice);
      onDone();
    },
    onError: (error) => tell({ text: t('agenda.done.failed'), error }),
  });
}

function SlotActions({ entry, session, schedules, zone, onOpen, onDone }: ActionsProps<SlotEntry>) {
  const { t } = useWords();
  const deed = useDeed(onDone);
  const { schedule, start, end, slots } = entry;
  const time = { schedule, start, end };
  const when = `${shortDayText(start, zone)}, ${spanText(start, end, zone)}`;
  const [first, ...rest] = bookable(slots).filter((slot) => canBook(slot, schedules));
  const own = slots.find((slot) => calendarOf(slot, schedules)?.editedHere);
  const blockIt = async (): Promise<Notice> => {
    const { period } = await block(time, 'other');
    const undo = async (): Promise<Notice> => {
      await unblock(period.id);
      onDone();
      return { text: t('agenda.done.unblocked', { when }) };
    };
    return { text: t('agenda.done.blocked', { when }), undo };
  };
  const withdrawIt = (slot: Slot) => async (): Promise<Notice> => {
    await withdraw(slot.id);
    const undo = async (): Promise<Notice> => {
      await offer(time);
      onDone();
      return { text: t('agenda.done.offered', { when }) };
    };
    return { text: t('agenda.done.withdrawn', { when }), undo };
  };
  return (
    <div className="row actions">
      {first && mayDo(session, 'Appointment', 'c') && (
        <button type="button" onClick={() => onOpen({ kind: 'book', slots: [first, ...rest] })}>
          {t('agenda.act.book')}
        </button>
      )}
      {mayDo(session, 'Slot', 'c') && entry.kind !== 'taken' && (
        <button
          type="button"
          className="quiet"
          disabled={deed.isPending}
          onClick={() => deed.mutate(blockIt)}
        >
          {t('agenda.act.block')}
        </button>
      )}
      {own && mayDo(session, 'Slot', 'd') && (
        <button
          type="button"
          className="quiet"
          disabled={deed.isPending}
          onClick={() => deed.mutate(withdrawIt(own))}
        >
          {t('agenda.act.withdraw')}
        </button>
      )}
      {entry.kind === 'taken' && <BookOver entry={entry} session={session} onOpen={onOpen} />}
    </div>
  );
}

function PeriodActions({ entry, session, zone, onOpen, onDone }: ActionsProps<PeriodEntry>) {
  const { t, language } = useWords();
  const deed = useDeed(onDone);
  const { period, start, end } = entry;
  const when = `${shortDayText(start, zone)}, ${spanText(start, end, zone)}`;
  const unblockIt = async (): Promise<Notice> => {
    await unblock(period.id);
    const undo = async (): Promise<Notice> => {
      await block(period, isBlockReason(period.reason) ? period.reason : 'other');
      onDone();
      return { text: t('agenda.done.blocked', { when }) };
    };
    return { text: t('agenda.done.unblocked', { when }), undo };
  };
  const release = async (): Promise<Notice> => {
    await cancelAppointment(period.id);
    return { text: t('agenda.done.released', { when }) };
  };
  if (period.kind === 'block') {
    return (
      <div className="row actions">
        {period.origin === null && mayDo(session, 'Slot', 'd') && (
          <button
            type="button"
            className="quiet"
            disabled={deed.isPending}
            onClick={() => deed.mutate(unblockIt)}
          >
            {t('agenda.act.unblock')}
          </button>
        )}
        <BookOver entry={entry} session={session} onOpen={onOpen} />
      </div>
    );
  }
  const mayChange = mayDo(session, 'Appointment', 'u');
  const { canMove, canCancel } = period;
  const isHold = period.kind === 'hold';
  const reasons = [canMove, canCancel].flatMap((can) => (can.can ? [] : [can.why[language]]));
  return (
    <>
      <div className="row actions">
        {mayChange && canMove.can && !isHold && (
          <button
            type="button"
            className="quiet"
            onClick={() => onOpen({ kind: 'move', period, wanted: null })}
          >
            {t('agenda.act.move')}
          </button>
        )}
        {mayChange && canCancel.can && (
          <button
            type="button"
            className={isHold ? 'quiet' : 'danger'}
            disabled={deed.isPending}
            onClick={() => (isHold ? deed.mutate(release) : onOpen({ kind: 'cancel', period }))}
          >
            {t(isHold ? 'agenda.act.release' : 'agenda.act.cancel')}
          </button>
        )}
        {!isHold && <BookOver entry={entry} session={session} onOpen={onOpen} />}
      </div>
      {mayChange &&
        !isHold &&
        [...new Set(reasons)].map((why) => (
          <p key={why} className="quiet-text">
            {why}
          </p>
        ))}
    </>
  );
}

function BookOver({ entry, session, onOpen }: Pick<ActionsProps, 'entry' | 'session' | 'onOpen'>) {
  const { t } = useWords();
  if (!mayDo(session, 'Appointment', 'c') || !hasDuty(session, 'operate')) return null;
  const { schedule, start, end } = entry;
  return (
    <button
      type="button"
      className="quiet"
      onClick={() => onOpen({ kind: 'time', time: { schedule, start, end }, isOver: true })}
    >
      {t('agenda.act.bookOver')}
    </button>
  );
}

const calendarOf = (slot: Slot, schedules: readonly Schedule[]) =>
  schedules
    .find(({ id }) => id === slot.schedule)
    ?.calendars.find(({ connection }) => connection === slot.connection);

const canBook = (slot: Slot, schedules: readonly Schedule[]): boolean =>
  calendarOf(slot, schedules)?.canBook ?? false;
