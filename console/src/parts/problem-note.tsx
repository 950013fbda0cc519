import { Problem } from '../api/problem.ts';
import { useWords } from '../i18n/use-words.ts';

/** What went wrong, as the gateway says it, and what can be done. */
export function ProblemNote({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  const { t } = useWords();
  return (
    <div className="note wrong" role="alert">
      <ProblemText error={error} />
      {onRetry && (
        <button type="button" className="quiet" onClick={onRetry}>
          {t('again')}
        </button>
      )}
    </div>
  );
}

export function ProblemText({ error }: { readonly error: unknown }) {
  const { t } = useWords();
  if (error instanceof Problem && error.status !== 0) {
    return error.issues.map(({ text }) => <p key={text}>{text}</p>);
  }
  return <p>{t(error instanceof Problem ? 'noAnswer' : 'unexpected')}</p>;
}
