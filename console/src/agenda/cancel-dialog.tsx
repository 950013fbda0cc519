import { useMutation } from '@tanstack/react-query';
import { useWords } from '../i18n/use-words.ts';
import { Dialog } from '../parts/dialog.tsx';
import { ProblemNote } from '../parts/problem-note.tsx';
import { dayText, spanText } from '../time/zone.ts';
import { cancelAppointment } from './commands.ts';
import type { Period } from './model.ts';

/** Asked once more, since nobody tells the patient but the clinic. */
export function CancelDialog({
  period,
  zone,
  onClose,
  onCancelled,
}: {
  readonly period: Period;
  readonly zone: string;
  readonly onClose: () => void;
  readonly onCancelled: () => void;
}) {
  const { t } = useWords();
  const cancelling = useMutation({
    mutationFn: () => cancelAppointment(period.id),
    onSuccess: onCancelled,
  });
  return (
    <Dialog title={t('agenda.cancel.title')} onClose={onClose} closeText={t('agenda.cancel.keep')}>
      <p>
        {period.patient && <strong>{period.patient.name}. </strong>}
        {dayText(period.start, zone)}, {spanText(period.start, period.end, zone)}
      </p>
      <p>{t('agenda.cancel.text')}</p>
      {cancelling.error !== null && <ProblemNote error={cancelling.error} />}
      <div className="row end">
        <button type="button" className="quiet" onClick={onClose}>
          {t('agenda.cancel.keep')}
        </button>
        <button
          type="button"
          className="danger"
          disabled={cancelling.isPending}
          onClick={() => cancelling.mutate()}
        >
          {t('agenda.cancel.confirm')}
        </button>
      </div>
    </Dialog>
  );
}
