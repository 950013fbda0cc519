import { type ReactNode, useState } from 'react';
import { useChanges } from '../api/changes.ts';
import { hasDuty, mayDo } from '../api/session.ts';
import { useWords } from '../i18n/use-words.ts';
import type { PageProps } from '../pages.tsx';
import { ProblemNote } from '../parts/problem-note.tsx';
import { useNow } from '../time/use-now.ts';
import { timeText } from '../time/zone.ts';
import { itemsOf, sectionsOf } from './items.ts';
import { ListDialog, type Listed } from './list-dialog.tsx';
import { LookProvider, useLook } from './look.ts';
import type { Status, Waiting } from './model.ts';
import { Sections } from './sections.tsx';
import { useLookAgain, useWaiting } from './use-waiting.ts';
import { zoneOf } from './zone-of.ts';
import '../style/todo.css';

/** By which a task becomes late. */
const LATE_MILLISECONDS = 10_000;

/** What needs a person, in one list: what happened, what that means for patients, and what to do. */
export default function TodoPage({ session }: PageProps) {
  const { t } = useWords();
  const { data, error, refetch, dataUpdatedAt } = useWaiting();
  const again = useLookAgain();
  const now = useNow(LATE_MILLISECONDS);
  const mayHear = mayDo(session, 'Appointment', 'r') && mayDo(session, 'Appointment', 's');
  // A booking may be the second of its time, and asks somebody to close that elsewhere.
  useChanges(mayHear ? ['Appointment?status=booked,pending,cancelled'] : [], again);
  const [dialog, show] = useState<ReactNode>(null);
  const mayOperate = hasDuty(session, 'operate');
  const problem = error !== null && <ProblemNote error={error} onRetry={() => void refetch()} />;
  if (!data) return problem || <p className="loading">{t('loading')}</p>;

  const sections = sectionsOf(data, now);
  const count = itemsOf(sections).length;
  const lookedAt = new Date(dataUpdatedAt).toISOString();
  const looked = t('todo.lookedAt', { time: timeText(lookedAt, zoneIn(data)) });
  return (
    <LookProvider value={{ session, mayOperate, connections: data.status.connections, again, show }}>
      <div className="todo">
        <div className="page-head">
          <h1>{t('pages.todo')}</h1>
          {count > 0 && (
            <span className="quiet-text">
              <span role="status">{t('todo.count', { count })}</span> ·{' '}
              <time dateTime={lookedAt}>{looked}</time>
            </span>
          )}
          {mayOperate && <PasteList connections={data.status.connections} />}
        </div>
        {problem}
        {!mayOperate && count > 0 && <p className="note">{t('todo.mayNotOperate')}</p>}
        {!data.complete && <p className="note warn">{t('todo.more')}</p>}
        {count === 0 ? <Nothing looked={looked} /> : <Sections sections={sections} />}
        {dialog}
      </div>
    </LookProvider>
  );
}

/** Where the clinic is, as far as what waits there tells. */
const zoneIn = ({ conflicts, tasks, status }: Waiting): string =>
  zoneOf(
    [...conflicts, ...tasks, ...status.connections.flatMap(({ lists = [] }) => lists)].find(
      ({ timeZone }) => timeZone !== null,
    )?.timeZone ?? null,
  );

function Nothing({ looked }: { readonly looked: string }) {
  const { t } = useWords();
  return (
    <div className="sheet nothing">
      <p className="nothing-title" role="status">
        <span aria-hidden="true">✓</span> {t('todo.nothing')}
      </p>
      <p>
        <strong>{looked}.</strong> {t('todo.nothingMore')}
      </p>
    </div>
  );
}

function PasteList({ connections }: { readonly connections: Status['connections'] }) {
  const { t } = useWords();
  const { show } = useLook();
  const [first, ...rest] = connections.flatMap(({ id, lists }): Listed[] =>
    lists ? [{ connectionId: id, calendars: lists }] : [],
  );
  if (!first) return null;
  return (
    <button
      type="button"
      className="quiet"
      onClick={() => show(<ListDialog listed={[first, ...rest]} onClose={() => show(null)} />)}
    >
      {t('todo.list.open')}
    </button>
  );
}
