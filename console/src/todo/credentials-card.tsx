import { useWords } from '../i18n/use-words.ts';
import { Card } from './card.tsx';
import type { Connection } from './model.ts';
import { Since } from './since.tsx';

/** A platform that takes us for nobody. Nothing here can mend it: it says who can. */
export function CredentialsCard({
  connection: { title, failingSince, lastError },
  isForbidden,
}: {
  readonly connection: Connection;
  readonly isForbidden: boolean;
}) {
  const { t, language } = useWords();
  const platform = title[language];
  return (
    <Card
      title={t(isForbidden ? 'todo.credentials.titleForbidden' : 'todo.credentials.title', { platform })}
      badges={<Since at={failingSince ?? null} isWrong />}
      happened={t(isForbidden ? 'todo.credentials.happenedForbidden' : 'todo.credentials.happened')}
      means={t('todo.credentials.means')}
      todo={t(isForbidden ? 'todo.credentials.doForbidden' : 'todo.credentials.do', { platform })}
    >
      {lastError && (
        <details>
          <summary>{t('todo.details')}</summary>
          <p>
            <code>{lastError}</code>
          </p>
        </details>
      )}
    </Card>
  );
}
