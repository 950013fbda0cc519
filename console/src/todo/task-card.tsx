import { useMutation } from '@tanstack/react-query';
import { useWords } from '../i18n/use-words.ts';
import { type Notice, useNotices } from '../parts/notices.tsx';
import { useNow } from '../time/use-now.ts';
import { agoText } from '../time/zone.ts';
import { Card } from './card.tsx';
import { tell } from './commands.ts';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { useLook, useTitles } from './look.ts';
import { MainButton } from './main-button.tsx';
import type { Task } from './model.ts';

/** What a person is asked to make at a platform that no program can write to. One tick, which can be taken back. */
export function TaskCard({ task, isLate }: { readonly task: Task; readonly isLate: boolean }) {
  const { t, language } = useWords();
  const { mayOperate, again, show } = useLook();
  const platform = useTitles()(task.connection);
  const now = useNow(10_000);
  const notify = useNotices();
  const tick = useTick(task);
  const text = task.text[language];
  const askTaken = (): void =>
    show(
      <ConfirmDialog
        title={t('todo.task.takenTitle')}
        confirm={t('todo.task.takenConfirm')}
        act={() => tell(task.id, 'taken')}
        onClose={() => show(null)}
        onDone={() => {
          show(null);
          notify({ text: t('todo.task.noted', { text }) });
          again();
        }}
      >
        <p>
          <strong>{text}</strong>
        </p>
        <p>{t('todo.task.takenText', { platform })}</p>
      </ConfirmDialog>,
    );
  const due = t(isLate ? 'todo.task.late' : 'todo.task.due', { when: agoText(task.dueAt, now) });
  return (
    <Card
      title={text}
      badges={
        <>
          <time className={isLate ? 'badge wrong' : 'badge'} dateTime={task.dueAt}>
            {due}
          </time>
          {task.escalated > 0 && <span className="badge warn">{t('todo.task.escalated')}</span>}
        </>
      }
      means={t(`todo.task.${task.operation}`)}
      todo={t('todo.task.do', { platform })}
      actions={
        mayOperate && (
          <>
            <MainButton disabled={tick.isPending} onClick={() => tick.mutate()}>
              {t('todo.task.done')}
            </MainButton>
            {task.operation !== 'cancel' && (
              <button type="button" className="quiet" onClick={askTaken}>
                {t('todo.task.taken')}
              </button>
            )}
          </>
        )
      }
    />
  );
}

function useTick({ id, text: texts }: Task) {
  const { t, language } = useWords();
  const { again } = useLook();
  const notify = useNotices();
  const text = texts[language];
  const undo = async (): Promise<Notice> => {
    await tell(id, 'undo');
    again();
    return { text: t('todo.task.unticked', { text }) };
  };
  return useMutation({
    mutationFn: () => tell(id, 'done'),
    onSuccess: () => notify({ text: t('todo.task.ticked', { text }), undo }),
    onError: (error) => notify({ text: t('todo.failed'), error }),
    // Also where it was refused: somebody else may have ticked it.
    onSettled: again,
  });
}
