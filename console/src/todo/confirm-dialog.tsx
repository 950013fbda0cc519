import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useWords } from '../i18n/use-words.ts';
import { Dialog } from '../parts/dialog.tsx';
import { ProblemNote } from '../parts/problem-note.tsx';

/** Says once more what will happen, to whom, before it does. What goes wrong is told here. */
export function ConfirmDialog({
  title,
  confirm,
  act,
  onDone,
  onClose,
  children,
}: {
  readonly title: string;
  readonly confirm: string;
  readonly act: () => Promise<unknown>;
  readonly onDone: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  const { t } = useWords();
  const acting = useMutation({ mutationFn: act, onSuccess: onDone });
  return (
    <Dialog title={title} onClose={onClose}>
      {children}
      {acting.error !== null && <ProblemNote error={acting.error} />}
      <div className="row end">
        <button type="button" className="quiet" onClick={onClose}>
          {t('todo.unchanged')}
        </button>
        <button type="button" disabled={acting.isPending} onClick={() => acting.mutate()}>
          {confirm}
        </button>
      </div>
    </Dialog>
  );
}
