import { useWords } from '../i18n/use-words.ts';
import { Dialog } from '../parts/dialog.tsx';

/** The session has ended under an open page: what was typed stays there until the person has signed in beside it. */
export function SignedOut() {
  const { t } = useWords();
  return (
    <Dialog
      title={t('signedOut.title')}
      onClose={() => window.location.reload()}
      closeText={t('signedOut.done')}
    >
      <p>{t('signedOut.text')}</p>
      <p>
        <a className="button" href="/auth/sign-in" target="_blank" rel="noreferrer">
          {t('signedOut.signIn')}
        </a>
      </p>
    </Dialog>
  );
}
