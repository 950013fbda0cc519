import { useWords } from '../i18n/use-words.ts';
import { useNow } from '../time/use-now.ts';
import { agoText } from '../time/zone.ts';
import type { Connection } from './model.ts';
import { sayingOf, toneOf } from './standings.ts';
import { momentText, zoneOf } from './texts.ts';

export function StateBadge({ connection }: { readonly connection: Connection }) {
  const { t } = useWords();
  const tone = toneOf(connection);
  return (
    <span className={tone === 'quiet' ? 'badge' : `badge ${tone}`}>
      {t(`connections.states.${connection.state}`)}
    </span>
  );
}

/** How it is, in one sentence. */
export function Sentence({ connection }: { readonly connection: Connection }) {
  const { t, language } = useWords();
  const now = useNow(1_000);
  const saying = sayingOf(connection);
  const zone = zoneOf(connection.timeZone);
  const what = connection.error?.what[language] ?? t('connections.says.unknown');
  switch (saying.key) {
    case 'well':
    case 'listed':
      return t(`connections.says.${saying.key}`, {
        ago: agoText(saying.ago, Math.max(now, Date.parse(saying.ago))),
      });
    case 'down':
    case 'failing':
    case 'in-doubt':
    case 'stale':
    case 'paused': {
      const since =
        saying.since === null ? '' : t('connections.says.since', { when: momentText(saying.since, zone) });
      return t(`connections.says.${saying.key}`, { since, what });
    }
    case 'unread':
      return t('connections.says.unread', { read: saying.read, count: saying.of });
    case 'here':
    case 'unstarted':
    case 'neverListed':
      return t(`connections.says.${saying.key}`);
  }
}
