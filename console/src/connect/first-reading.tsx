import { Sentence, StateBadge } from '../connections/sentence.tsx';
import { countText } from '../connections/texts.ts';
import { useStatus } from '../connections/use-connections.ts';
import { useWords } from '../i18n/use-words.ts';

/** How far the first reading of a connection is that was just saved. */
export function FirstReading({ id }: { readonly id: string }) {
  const { t, language } = useWords();
  const { data } = useStatus();
  const connection = data?.connections.find((each) => each.id === id);
  if (!connection) return <p className="loading">{t('loading')}</p>;
  const { title, slots = 0, feeds = 0, feedsRead = 0, state } = connection;
  return (
    <div className="note first-reading" data-state={state}>
      <p>
        <strong>{t('connect.saved', { title: title[language] })}</strong>{' '}
        <StateBadge connection={connection} />
      </p>
      <p role="status">
        {feeds === 0 && !connection.editedHere ? (
          t('connect.reading.nothing')
        ) : (
          <Sentence connection={connection} />
        )}
      </p>
      {state === 'unread' && feeds > 0 && (
        <progress value={feedsRead} max={feeds} aria-label={t('connect.reading.progress')} />
      )}
      {slots > 0 && <p>{t('connect.reading.slots', { count: slots, said: countText(slots) })}</p>}
    </div>
  );
}
