import { Link, useSearchParams } from 'wouter';
import { useWords } from '../i18n/use-words.ts';
import type { PageProps } from '../pages.tsx';
import { ProblemNote } from '../parts/problem-note.tsx';
import { AddConnection } from './change-actions.tsx';
import { Detail } from './detail.tsx';
import type { Connection } from './model.ts';
import { Sentence, StateBadge } from './sentence.tsx';
import { needsAttention, toneOf, worstFirst } from './standings.ts';
import { useStatus } from './use-connections.ts';
import '../style/connections.css';

/** How each platform is, the worst first, and one of them closely. Which one is in the address. */
export default function ConnectionsPage({ session }: PageProps) {
  const { t } = useWords();
  const [parameters] = useSearchParams();
  const { data, error, refetch } = useStatus();
  if (!data) {
    return error ? (
      <ProblemNote error={error} onRetry={() => void refetch()} />
    ) : (
      <p className="loading">{t('loading')}</p>
    );
  }
  const connections = worstFirst(data.connections);
  const wanted = parameters.get('connection');
  const chosen = connections.find(({ id }) => id === wanted) ?? connections[0];
  const ill = connections.filter(needsAttention).length;
  return (
    <div className={wanted === null ? 'connections' : 'connections chosen'}>
      <div className="page-head">
        <h1>{t('pages.connections')}</h1>
        {connections.length > 0 && (
          <p className="quiet-text" role="status">
            {ill === 0
              ? t('connections.allWell', { count: connections.length })
              : t('connections.someIll', { count: ill, of: connections.length })}
          </p>
        )}
        <AddConnection session={session} isFirst={connections.length === 0} />
      </div>
      {error && <ProblemNote error={error} />}
      {connections.length === 0 && <p>{t('connections.none')}</p>}
      <div className="columns">
        <ul className="bare cards">
          {connections.map((connection) => (
            <Card key={connection.id} connection={connection} isChosen={connection === chosen} />
          ))}
        </ul>
        {chosen && <Detail key={chosen.id} connection={chosen} session={session} />}
      </div>
    </div>
  );
}

function Card({ connection, isChosen }: { readonly connection: Connection; readonly isChosen: boolean }) {
  const { language } = useWords();
  return (
    <li className={`card ${toneOf(connection)}`} data-connection={connection.id}>
      <Link
        href={`/connections?connection=${encodeURIComponent(connection.id)}`}
        aria-current={isChosen ? 'true' : undefined}
      >
        <span className="name">{connection.title[language]}</span>
        <StateBadge connection={connection} />
        <span className="says">
          <Sentence connection={connection} />
        </span>
      </Link>
    </li>
  );
}
