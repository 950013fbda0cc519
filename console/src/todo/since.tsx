import { useWords } from '../i18n/use-words.ts';
import { useNow } from '../time/use-now.ts';
import { agoText } from '../time/zone.ts';

/** When it was first seen to be so. Null = it is not told. */
export function Since({ at, isWrong = false }: { readonly at: string | null; readonly isWrong?: boolean }) {
  const { t } = useWords();
  const now = useNow(10_000);
  if (at === null) return null;
  return (
    <time className={`badge ${isWrong ? 'wrong' : 'warn'}`} dateTime={at}>
      {t('todo.since', { when: agoText(at, now) })}
    </time>
  );
}
