import { useState } from 'react';
import { hasDuty, type Session } from '../api/session.ts';
import { useWords } from '../i18n/use-words.ts';
import { Dialog } from '../parts/dialog.tsx';
import { useNotices } from '../parts/notices.tsx';
import { ProblemNote } from '../parts/problem-note.tsx';
import { type Progress, pause, resume, synchronize } from './commands.ts';
import type { Connection } from './model.ts';
import { useLookAgain } from './use-connections.ts';

/** What a person can do about a connection: have it read now, stop it, let it go on. */
export function Actions({
  connection,
  session,
}: {
  readonly connection: Connection;
  readonly session: Session;
}) {
  const { t } = useWords();
  const [step, setStep] = useState<Progress | 'starting' | null>(null);
  const [isAsking, setAsking] = useState(false);
  const { onSync, onPause, onResume } = useActions(connection, setStep, () => setAsking(false));
  if (!hasDuty(session, 'operate')) return null;
  const isPaused = connection.state === 'paused';
  return (
    <div className="no-print">
      <div className="row">
        {!connection.editedHere && (
          <button type="button" disabled={step !== null || isPaused} onClick={() => void onSync()}>
            {t('connections.sync.act')}
          </button>
        )}
        {isPaused ? (
          <button type="button" onClick={() => void onResume()}>
            {t('connections.pause.resume')}
          </button>
        ) : (
          <button type="button" className="quiet" onClick={() => setAsking(true)}>
            {t('connections.pause.act')}
          </button>
        )}
      </div>
      {step !== null && <SyncProgress step={step} />}
      {isAsking && <PauseDialog connection={connection} onClose={() => setAsking(false)} onPause={onPause} />}
    </div>
  );
}

function useActions(
  connection: Connection,
  setStep: (step: Progress | 'starting' | null) => void,
  onPaused: () => void,
) {
  const { t, language } = useWords();
  const tell = useNotices();
  const lookAgain = useLookAgain();
  const { id } = connection;
  const title = connection.title[language];

  const onResume = async (): Promise<void> => {
    try {
      await resume(id);
      tell({ text: t('connections.pause.resumed', { title }) });
    } catch (error) {
      tell({ text: t('connections.pause.notResumed', { title }), error });
    }
    await lookAgain();
  };
  const onPause = async (): Promise<void> => {
    await pause(id);
    onPaused();
    tell({
      text: t('connections.pause.paused', { title }),
      async undo() {
        await resume(id);
        await lookAgain();
        return { text: t('connections.pause.resumed', { title }) };
      },
    });
    await lookAgain();
  };
  const onSync = async (): Promise<void> => {
    setStep('starting');
    try {
      const result = await synchronize(id, setStep);
      if (result?.outcome === 'done') {
        const { rows, slotsChanged } = result;
        const read = t('connections.sync.rows', { count: rows });
        tell({
          text: t('connections.sync.done', {
            title,
            read,
            changed: t('connections.sync.changed', { count: slotsChanged }),
          }),
        });
      } else {
        // What it says is for operators; what it means stands on the page, which is looked at again.
        tell({ text: t('connections.sync.failed', { title }) });
      }
    } catch (error) {
      tell({ text: t('connections.sync.failed', { title }), error });
    }
    setStep(null);
    await lookAgain();
  };
  return { onSync, onPause, onResume };
}

function SyncProgress({ step }: { readonly step: Progress | 'starting' }) {
  const { t } = useWords();
  const label = t('connections.sync.under');
  if (step === 'starting') return <progress aria-label={label} />;
  const { feedsDone, feeds, rows } = step;
  return (
    <p className="sync">
      <progress aria-label={label} max={feeds} value={feedsDone} />
      <span className="number">
        {t('connections.sync.step', { done: feedsDone, of: feeds })} ·{' '}
        {t('connections.sync.rows', { count: rows })}
      </span>
    </p>
  );
}

/** Asked once more: bookings are refused because of it. */
function PauseDialog({
  connection,
  onClose,
  onPause,
}: {
  readonly connection: Connection;
  readonly onClose: () => void;
  readonly onPause: () => Promise<void>;
}) {
  const { t, language } = useWords();
  const [state, setState] = useState<{ readonly isPending: boolean; readonly error: unknown }>({
    isPending: false,
    error: null,
  });
  const go = (): void => {
    setState({ isPending: true, error: null });
    onPause().catch((error: unknown) => setState({ isPending: false, error }));
  };
  return (
    <Dialog title={t('connections.pause.title', { title: connection.title[language] })} onClose={onClose}>
      <ul>
        <li>{t('connections.pause.means.silent')}</li>
        <li>{t('connections.pause.means.stale')}</li>
        <li>{t('connections.pause.means.refused')}</li>
        <li>{t('connections.pause.means.open')}</li>
      </ul>
      {state.error !== null && <ProblemNote error={state.error} />}
      <div className="row end">
        <button type="button" className="quiet" onClick={onClose}>
          {t('cancel')}
        </button>
        <button type="button" className="danger" disabled={state.isPending} onClick={go}>
          {t('connections.pause.confirm')}
        </button>
      </div>
    </Dialog>
  );
}
