import { useMutation } from '@tanstack/react-query';
import { useWords } from '../i18n/use-words.ts';
import { Dialog } from '../parts/dialog.tsx';
import { useNotices } from '../parts/notices.tsx';
import { ProblemNote } from '../parts/problem-note.tsx';
import type { Choice } from './choice.ts';
import { type Resolution, settle } from './commands.ts';
import { useLook } from './look.ts';
import type { Conflict, Patient, Side } from './model.ts';
import { useConsequences } from './use-consequences.ts';

/** Says what a choice does to whom, and whom to call before. It cannot be undone. */
export function SettleDialog({
  conflict,
  choice,
  patients,
  zone,
  onClose,
}: {
  readonly conflict: Conflict;
  readonly choice: Choice;
  readonly patients: Readonly<Record<Side, Patient | null>>;
  readonly zone: string;
  readonly onClose: () => void;
}) {
  const { t } = useWords();
  const { again } = useLook();
  const notify = useNotices();
  const { title, lines, confirm, done, touched } = useConsequences(conflict, choice, patients, zone);
  const settling = useMutation({
    mutationFn: () => settle(conflict.id, resolutionOf(choice)),
    onSuccess: () => {
      notify({ text: done });
      onClose();
    },
    // Also where it was refused: somebody else may have settled it.
    onSettled: again,
  });
  return (
    <Dialog title={title} onClose={onClose}>
      <ul className="consequences">
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {touched && <CallFirst patient={patients[touched]} />}
      {settling.error !== null && <ProblemNote error={settling.error} />}
      <div className="row end">
        <button type="button" className="quiet" onClick={onClose}>
          {t('todo.unchanged')}
        </button>
        <button type="button" disabled={settling.isPending} onClick={() => settling.mutate()}>
          {confirm}
        </button>
      </div>
    </Dialog>
  );
}

function CallFirst({ patient }: { readonly patient: Patient | null }) {
  const { t } = useWords();
  if (!patient?.phone) return <p className="note warn">{t('todo.settle.call')}</p>;
  return (
    <p className="note warn">
      {t('todo.settle.callAt', { who: patient.name })} <a href={`tel:${patient.phone}`}>{patient.phone}</a>
    </p>
  );
}

const resolutionOf = (choice: Choice): Resolution =>
  choice.resolution === 'move'
    ? { resolution: 'move', booking: choice.side, slot: choice.proposal.slot }
    : choice;
