import { Link } from 'wouter';
import type { Session } from '../api/session.ts';
import { useWords } from '../i18n/use-words.ts';
import { AbilityPart } from './ability.tsx';
import { Actions } from './actions.tsx';
import { ChangeActions } from './change-actions.tsx';
import { HistoryPart } from './history.tsx';
import { ListingsPart } from './listings.tsx';
import type { Connection } from './model.ts';
import { Sentence, StateBadge } from './sentence.tsx';
import { countText, momentText, zoneOf } from './texts.ts';

/** One connection, from what matters now to what proves that it can be relied on. */
export function Detail({
  connection,
  session,
}: {
  readonly connection: Connection;
  readonly session: Session;
}) {
  const { t, language } = useWords();
  return (
    <article className="sheet detail" aria-labelledby="connection">
      <Link className="back" href="/connections">
        {t('connections.all')}
      </Link>
      <div className="page-head">
        <h2 id="connection">{connection.title[language]}</h2>
        <StateBadge connection={connection} />
      </div>
      <p className="says">
        <Sentence connection={connection} />
      </p>
      <Trouble connection={connection} />
      <Actions connection={connection} session={session} />
      <ChangeActions connection={connection} session={session} />
      <Facts connection={connection} />
      <HistoryPart connection={connection} />
      {!connection.editedHere && <ListingsPart connection={connection} />}
      <AbilityPart connection={connection} />
    </article>
  );
}

/** What the last fault means for patients, and what is to be done. */
function Trouble({ connection }: { readonly connection: Connection }) {
  const { t, language } = useWords();
  const { error, openUntil = null, failures = 0 } = connection;
  if (!error || failures === 0) return null;
  return (
    <div className="note wrong">
      <dl className="facts">
        <dt>{t('connections.trouble.patients')}</dt>
        <dd>{error.patients[language]}</dd>
        <dt>{t('connections.trouble.toDo')}</dt>
        <dd>
          {error.toDo[language]}. <Link href="/outage">{t('pages.outage')}</Link>
        </dd>
        <dt>{t('connections.trouble.tried')}</dt>
        <dd>
          {t('connections.trouble.failures', { count: failures })}
          {openUntil !== null &&
            ` · ${t('connections.trouble.next', { when: momentText(openUntil, zoneOf(connection.timeZone)) })}`}
        </dd>
      </dl>
    </div>
  );
}

function Facts({ connection }: { readonly connection: Connection }) {
  const { t } = useWords();
  const {
    confirmedAt = null,
    slots = 0,
    differing = 0,
    conflicts = 0,
    rejected = 0,
    feeds = 0,
    feedsRead = 0,
  } = connection;
  const zone = zoneOf(connection.timeZone);
  return (
    <dl className="facts">
      {!connection.editedHere && (
        <>
          <dt>{t('connections.facts.confirmed')}</dt>
          <dd>{confirmedAt === null ? t('connections.facts.never') : momentText(confirmedAt, zone)}</dd>
          {feeds > 1 && (
            <>
              <dt>{t('connections.facts.feeds')}</dt>
              <dd>{t('connections.facts.feedsRead', { read: feedsRead, of: feeds })}</dd>
            </>
          )}
        </>
      )}
      <dt>{t('connections.facts.slots')}</dt>
      <dd>{countText(slots)}</dd>
      {!connection.editedHere && (
        <>
          <dt>{t('connections.facts.differing')}</dt>
          <dd>{countText(differing)}</dd>
        </>
      )}
      {conflicts > 0 && (
        <>
          <dt>{t('connections.facts.conflicts')}</dt>
          <dd>{countText(conflicts)}</dd>
        </>
      )}
      {rejected > 0 && (
        <>
          <dt>{t('connections.facts.rejected')}</dt>
          <dd>{countText(rejected)}</dd>
        </>
      )}
    </dl>
  );
}
