import { useWords } from '../i18n/use-words.ts';
import { ProblemNote } from '../parts/problem-note.tsx';
import { NotStarted, Refusal, Superseded } from './commands.ts';

/** Why nothing was saved. What was typed is still there. */
export function SaveFailure({
  error,
  isThisOne,
  onReload,
}: {
  readonly error: unknown;
  /** Somebody else has changed the very thing that is edited. */
  readonly isThisOne: boolean;
  readonly onReload: () => void;
}) {
  const { t } = useWords();
  if (error === null || error === undefined || error instanceof Refusal) return null;
  if (error instanceof Superseded) {
    return (
      <div className="note warn" role="alert">
        <p>{t('connect.superseded.said')}</p>
        <p>{t(isThisOne ? 'connect.superseded.thisOne' : 'connect.superseded.another')}</p>
        {isThisOne && (
          <button type="button" className="quiet" onClick={onReload}>
            {t('connect.superseded.reload')}
          </button>
        )}
      </div>
    );
  }
  if (error instanceof NotStarted) {
    return (
      <div className="note wrong" role="alert">
        <p>{t('connect.notStarted')}</p>
        <p lang="en">{error.message}</p>
      </div>
    );
  }
  return <ProblemNote error={error} />;
}
