import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useWords } from '../i18n/use-words.ts';
import { Dialog } from '../parts/dialog.tsx';
import { SelectField, TextField } from '../parts/field.tsx';
import { ProblemNote } from '../parts/problem-note.tsx';
import { instantOf, wallClock } from '../time/zone.ts';
import { block, bookTime, offer, type Time } from './commands.ts';
import { BLOCK_REASONS } from './entry-content.ts';
import type { BlockAnswer, Period, Schedule } from './model.ts';
import { isNamed, NO_PATIENT, PatientFields } from './patient-fields.tsx';

/** Adds to the agenda at any time: an appointment by telephone, a block, or a slot on offer. */

export type Added =
  | { readonly what: 'book'; readonly time: Time; readonly period: Period }
  | { readonly what: 'block'; readonly time: Time; readonly answer: BlockAnswer; readonly reason: string }
  | { readonly what: 'offer'; readonly time: Time; readonly slotId: string };

export type What = Added['what'];

const OVERRIDE_REASONS = ['urgent', 'overbooking', 'agreed', 'other'] as const;

export function TimeDialog({
  time,
  isOver,
  schedules,
  zone,
  may,
  onClose,
  onAdded,
}: {
  readonly time: Time;
  /** It is taken: whoever is added here is added although it is. */
  readonly isOver: boolean;
  readonly schedules: readonly Schedule[];
  readonly zone: string;
  /** What the person who asks has the rights for. */
  readonly may: readonly What[];
  readonly onClose: () => void;
  readonly onAdded: (added: Added) => void;
}) {
  const { t } = useWords();
  const [what, setWhat] = useState<What>(may[0] ?? 'book');
  const [form, setForm] = useState(() => formOf(time, zone));
  const [reason, setReason] = useState<string>('other');
  const [override, setOverride] = useState<string>(OVERRIDE_REASONS[0]);
  const [patient, setPatient] = useState(NO_PATIENT);
  const [comment, setComment] = useState('');
  const [isChecked, setChecked] = useState(false);
  const schedule = schedules.find(({ id }) => id === form.schedule);
  const kinds = may.filter((each) => !isOver || each === 'book');
  const isOffer = what === 'offer';
  const set = (key: keyof typeof form) => (text: string) => setForm({ ...form, [key]: text });

  const adding = useMutation({
    mutationFn: async (): Promise<Added> => {
      const at = timeOf(form, zone);
      if (what === 'block') return { what, time: at, answer: await block(at, reason), reason };
      if (what === 'offer') return { what, time: at, slotId: (await offer(at)).id };
      const { period } = await bookTime(at, patient, comment.trim(), isOver ? override : null);
      return { what, time: at, period };
    },
    onSuccess: onAdded,
  });
  const isOrdered = form.from < form.to;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setChecked(true);
    if (isOrdered && (what !== 'book' || isNamed(patient))) adding.mutate();
  };
  return (
    <Dialog title={t(isOver ? 'agenda.book.overTitle' : 'agenda.time.title')} onClose={onClose}>
      <form onSubmit={submit} noValidate>
        {isOver && <p className="note warn">{t('agenda.book.over')}</p>}
        {kinds.length > 1 && (
          <fieldset>
            <legend>{t('agenda.time.what')}</legend>
            {kinds.map((each) => (
              <label className="choice" key={each}>
                <input type="radio" name="what" checked={what === each} onChange={() => setWhat(each)} />
                {t(`agenda.time.${each}`)}
              </label>
            ))}
          </fieldset>
        )}
        <SelectField
          label={t('agenda.time.schedule')}
          value={form.schedule}
          options={schedules.map(({ id, practitioner }) => ({ value: id, text: practitioner.name }))}
          onValue={set('schedule')}
        />
        <div className="fields">
          <TextField type="date" label={t('agenda.time.date')} value={form.date} onValue={set('date')} />
          <TextField type="time" label={t('agenda.time.from')} value={form.from} onValue={set('from')} />
          <TextField
            type="time"
            label={t('agenda.time.to')}
            value={form.to}
            wrong={isOrdered ? undefined : t('agenda.time.wrongOrder')}
            onValue={set('to')}
          />
        </div>
        {isOffer && !schedule?.editedHere && <p className="note">{t('agenda.time.notEditedHere')}</p>}
        {what === 'block' && (
          <SelectField
            label={t('agenda.time.reason')}
            value={reason}
            options={BLOCK_REASONS.map((each) => ({ value: each, text: t(`agenda.blockReasons.${each}`) }))}
            onValue={setReason}
          />
        )}
        {what === 'book' && isOver && (
          <SelectField
            label={t('agenda.book.reason')}
            value={override}
            options={OVERRIDE_REASONS.map((each) => ({ value: each, text: t(`agenda.reasons.${each}`) }))}
            onValue={setOverride}
          />
        )}
        {what === 'book' && (
          <PatientFields
            value={patient}
            comment={comment}
            isChecked={isChecked}
            error={adding.error}
            onPatient={setPatient}
            onComment={setComment}
          />
        )}
        {adding.error !== null && <ProblemNote error={adding.error} />}
        <div className="row end">
          <button type="button" className="quiet" onClick={onClose}>
            {t('cancel')}
          </button>
          <button type="submit" disabled={adding.isPending || (isOffer && !schedule?.editedHere)}>
            {t('agenda.time.go')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function formOf({ schedule, start, end }: Time, zone: string) {
  const [from, to] = [wallClock(start, zone), wallClock(end, zone)];
  return { schedule, date: from.slice(0, 10), from: from.slice(11, 16), to: to.slice(11, 16) };
}

function timeOf({ schedule, date, from, to }: ReturnType<typeof formOf>, zone: string): Time {
  const at = (clock: string): string => instantOf(`${date}T${clock}:00`, zone);
  return { schedule, start: at(from), end: at(to) };
}
