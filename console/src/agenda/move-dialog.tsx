import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useWords } from '../i18n/use-words.ts';
import { Dialog } from '../parts/dialog.tsx';
import { SelectField, TextField } from '../parts/field.tsx';
import { ProblemNote } from '../parts/problem-note.tsx';
import { instantOf, shortDayText, spanText, wallClock } from '../time/zone.ts';
import { moveAppointment, moveTime } from './commands.ts';
import { bookable } from './entries.ts';
import type { Period, Slot } from './model.ts';

/** Gives an appointment another time: of its platform's free slots, or of any where it was made here without a slot. */
export function MoveDialog({
  period,
  slots,
  wanted,
  zone,
  onClose,
  onMoved,
}: {
  readonly period: Period;
  /** Those that the page shows. */
  readonly slots: readonly Slot[];
  /** Where it was drawn to, an instant; null = it was not. */
  readonly wanted: string | null;
  readonly zone: string;
  readonly onClose: () => void;
  readonly onMoved: (to: { readonly start: string; readonly end: string }) => void;
}) {
  const { t } = useWords();
  // What a platform booked by itself tells of no slot, and is still the platform’s to move.
  const isFree = period.origin === null;
  const choices = placesFor(period, slots, wanted);
  const [slotId, setSlotId] = useState(choices[0]?.id ?? '');
  const [clock, setClock] = useState(wallClock(wanted ?? period.start, zone).slice(0, 16));
  const slot = choices.find(({ id }) => id === slotId);
  const length = Date.parse(period.end) - Date.parse(period.start);
  const moving = useMutation({
    mutationFn: async () => {
      if (!isFree && slot) {
        await moveAppointment(period.id, slot);
        return slot;
      }
      const start = instantOf(`${clock}:00`, zone);
      const end = new Date(Date.parse(start) + length).toISOString();
      await moveTime(period.id, { schedule: period.schedule, start, end });
      return { start, end };
    },
    onSuccess: ({ start, end }) => onMoved({ start, end }),
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    moving.mutate();
  };
  const when = `${shortDayText(period.start, zone)}, ${spanText(period.start, period.end, zone)}`;
  return (
    <Dialog title={t('agenda.move.title')} onClose={onClose}>
      <form onSubmit={submit}>
        <p>
          {period.patient && <strong>{period.patient.name}. </strong>}
          {t('agenda.move.now', { when })}
        </p>
        {isFree && (
          <TextField
            type="datetime-local"
            label={t('agenda.move.newTime')}
            value={clock}
            required
            onValue={setClock}
          />
        )}
        {!isFree && choices.length === 0 && <p className="note">{t('agenda.move.none')}</p>}
        {!isFree && choices.length > 0 && (
          <SelectField
            label={t('agenda.move.choose')}
            value={slotId}
            options={choices.map(({ id, start, end }) => ({
              value: id,
              text: `${shortDayText(start, zone)}, ${spanText(start, end, zone)}`,
            }))}
            onValue={setSlotId}
          />
        )}
        {moving.error !== null && <ProblemNote error={moving.error} />}
        <div className="row end">
          <button type="button" className="quiet" onClick={onClose}>
            {t('cancel')}
          </button>
          <button type="submit" disabled={moving.isPending || (!isFree && !slot)}>
            {t('agenda.move.confirm')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** Free slots where the booking was made, for they alone can take it: the nearest to where it is wanted first. */
function placesFor(period: Period, slots: readonly Slot[], wanted: string | null): readonly Slot[] {
  const around = Date.parse(wanted ?? period.start);
  const distance = ({ start }: Slot): number => Math.abs(Date.parse(start) - around);
  return bookable(slots)
    .filter(({ connection, schedule }) => connection === period.origin && schedule === period.schedule)
    .toSorted((a, b) => distance(a) - distance(b));
}
