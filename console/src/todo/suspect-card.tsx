import { useEffect, useState } from 'react';
import { useWords } from '../i18n/use-words.ts';
import { useNotices } from '../parts/notices.tsx';
import { Card } from './card.tsx';
import { confirmGone } from './commands.ts';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { useLook } from './look.ts';
import { MainButton } from './main-button.tsx';
import type { Connection, Suspect } from './model.ts';
import { Since } from './since.tsx';

const WHOLE_CONNECTION = '*';
const READ_MILLISECONDS = 1_000;

/** A platform that has lost most of its agenda at once: a person says whether that is so. */
export function SuspectCard({
  connection: { id, title },
  suspect,
}: {
  readonly connection: Connection;
  readonly suspect: Suspect;
}) {
  const { t, language } = useWords();
  const { mayOperate, again, show } = useLook();
  const notify = useNotices();
  const [isConfirmed, setConfirmed] = useState(false);
  const platform = title[language];
  const missing = useMissing(suspect);
  useLookUntilRead(isConfirmed);
  const ask = (): void =>
    show(
      <ConfirmDialog
        title={t('todo.suspect.confirmTitle', { platform })}
        confirm={t('todo.suspect.go')}
        act={() => confirmGone(id, suspect.feedId)}
        onClose={() => show(null)}
        onDone={() => {
          show(null);
          setConfirmed(true);
          notify({ text: t('todo.suspect.confirmed', { platform }) });
          again();
        }}
      >
        <p>
          <strong>{missing}</strong>
        </p>
        <p>{t('todo.suspect.confirmText')}</p>
      </ConfirmDialog>,
    );
  return (
    <Card
      title={t('todo.suspect.title', { platform })}
      badges={<Since at={suspect.since} isWrong />}
      happened={missing}
      means={t('todo.suspect.means')}
      todo={t('todo.suspect.do', { platform })}
      actions={
        mayOperate && (
          <MainButton className="danger" disabled={isConfirmed} onClick={ask}>
            {t(isConfirmed ? 'todo.suspect.waiting' : 'todo.suspect.confirm')}
          </MainButton>
        )
      }
    />
  );
}

function useMissing({ feedId, slots, busy, shifts }: Suspect): string {
  const { t } = useWords();
  const tallies = [
    ['todo.suspect.slots', slots],
    ['todo.suspect.busy', busy],
    ['todo.suspect.shifts', shifts],
  ] as const;
  return [
    ...(feedId === WHOLE_CONNECTION ? [] : [t('todo.suspect.calendar', { feed: feedId })]),
    ...tallies.flatMap(([words, tally]) => (tally && tally.missing > 0 ? [t(words, tally)] : [])),
  ].join(' ');
}

/** What was confirmed is so with the next reading, which comes within seconds. */
function useLookUntilRead(isWaiting: boolean): void {
  const { again } = useLook();
  useEffect(() => {
    if (!isWaiting) return;
    const timer = setInterval(again, READ_MILLISECONDS);
    return () => clearInterval(timer);
  }, [isWaiting, again]);
}
