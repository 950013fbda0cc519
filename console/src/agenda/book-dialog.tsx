import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useWords } from '../i18n/use-words.ts';
import { Countdown } from '../parts/countdown.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { SelectField } from '../parts/field.tsx';
import { ProblemNote, ProblemText } from '../parts/problem-note.tsx';
import { dayText, spanText } from '../time/zone.ts';
import { bookHeld, cancelAppointment, type Held, holdSlot } from './commands.ts';
import type { Slot } from './model.ts';
import { isNamed, NO_PATIENT, PatientFields } from './patient-fields.tsx';

/** Books a slot by telephone. It is held while the form is open, and given back when it is closed without booking. */
export function BookDialog({
  slots,
  zone,
  titles,
  onClose,
  onBooked,
}: {
  readonly slots: readonly [Slot, ...Slot[]];
  readonly zone: string;
  readonly titles: Readonly<Record<string, string>>;
  readonly onClose: () => void;
  readonly onBooked: (appointment: { readonly id: string; readonly status: string }) => void;
}) {
  const { t } = useWords();
  const [slotId, setSlotId] = useState(slots[0].id);
  const [patient, setPatient] = useState(NO_PATIENT);
  const [comment, setComment] = useState('');
  const [isChecked, setChecked] = useState(false);
  const slot = slots.find(({ id }) => id === slotId) ?? slots[0];
  const { held, problem, keep } = useHold(slot);
  const booking = useMutation({
    mutationFn: (kept: Held) => bookHeld(kept, slot, patient, comment.trim()),
    onSuccess: (appointment) => {
      keep();
      onBooked(appointment);
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setChecked(true);
    if (held && isNamed(patient)) booking.mutate(held);
  };
  return (
    <Dialog title={t('agenda.book.title')} onClose={onClose}>
      <p>
        {dayText(slot.start, zone)}, <strong>{spanText(slot.start, slot.end, zone)}</strong>
      </p>
      {held && (
        <p className="quiet-text">
          {t('agenda.book.held')} <Countdown until={held.until} />
        </p>
      )}
      {problem !== null && (
        <div className="note wrong" role="alert">
          <p>{t('agenda.book.notHeld')}</p>
          <ProblemText error={problem} />
        </div>
      )}
      <form onSubmit={submit} noValidate>
        {slots.length > 1 && (
          <SelectField
            label={t('agenda.book.on')}
            value={slotId}
            options={slots.map(({ id, connection }) => ({
              value: id,
              text: titles[connection] ?? connection,
            }))}
            onValue={setSlotId}
          />
        )}
        <PatientFields
          value={patient}
          comment={comment}
          isChecked={isChecked}
          error={booking.error}
          onPatient={setPatient}
          onComment={setComment}
        />
        {booking.error !== null && <ProblemNote error={booking.error} />}
        <div className="row end">
          <button type="button" className="quiet" onClick={onClose}>
            {t('cancel')}
          </button>
          <button type="submit" disabled={!held || booking.isPending}>
            {t('agenda.book.confirm')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

type Hold = {
  readonly held: Held | null;
  readonly problem: unknown;
  /** It was booked: there is nothing to give back. */
  readonly keep: () => void;
};

function useHold(slot: Slot): Hold {
  const [held, setHeld] = useState<Held | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const isKept = useRef(false);
  // Only another slot is another hold: the same one is told anew whenever the agenda is read.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    let isLeft = false;
    setHeld(null);
    setProblem(null);
    const holding = holdSlot(slot);
    holding.then(
      (given) => isLeft || setHeld(given),
      (error: unknown) => isLeft || setProblem(error),
    );
    return () => {
      isLeft = true;
      // Where this fails it ends by itself.
      if (!isKept.current) holding.then(({ id }) => cancelAppointment(id)).catch(() => undefined);
    };
  }, [slot.id]);
  const keep = (): void => {
    isKept.current = true;
  };
  return { held, problem, keep };
}
