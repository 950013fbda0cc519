import { useQuery } from '@tanstack/react-query';
import { send } from '../api/send.ts';
import { useWords } from '../i18n/use-words.ts';
import { ProblemNote } from '../parts/problem-note.tsx';
import { useNow } from '../time/use-now.ts';
import { agoText } from '../time/zone.ts';
import type { Outage, OutageReport } from './model.ts';

const REFRESH_MILLISECONDS = 5_000;
const QUEUED = ['close', 'open', 'book', 'cancel', 'change', 'verify'] as const;

/** Which platforms are down, what waits for them, and where patients can still be booked. */
export function Report() {
  const { t } = useWords();
  const report = useQuery({
    queryKey: ['outage'],
    queryFn: ({ signal }) => send<OutageReport>('GET', '/api/outage', { signal }),
    refetchInterval: REFRESH_MILLISECONDS,
  });
  if (!report.data)
    return report.error ? (
      <ProblemNote error={report.error} onRetry={() => void report.refetch()} />
    ) : (
      <p className="loading">{t('loading')}</p>
    );
  const { down, working } = report.data;
  return (
    <div className="no-print">
      {report.error && <ProblemNote error={report.error} />}
      <div aria-live="polite">
        {down.length === 0 && <p className="note well">{t('outage.well')}</p>}
        {down.map((outage) => (
          <Down key={outage.connection} outage={outage} titles={titlesOf(report.data)} />
        ))}
      </div>
      <Working working={working} />
    </div>
  );
}

type Titles = Readonly<Record<string, { readonly fr: string; readonly en: string }>>;

const titlesOf = ({ down, working }: OutageReport): Titles =>
  Object.fromEntries([...down, ...working].map(({ connection, title }) => [connection, title]));

function Down({ outage, titles }: { readonly outage: Outage; readonly titles: Titles }) {
  const { t, language } = useWords();
  const now = useNow(1_000);
  const { title, state, since, lastSuccessAt, nextAttemptAt, error, queued, waiting, schedules } = outage;
  const ago = (at: string | null): string => (at === null ? t('outage.never') : agoText(at, now));
  return (
    <article className="sheet down" aria-label={title[language]}>
      <h2>
        {title[language]} <span className="badge wrong">{t(`outage.state.${state}`)}</span>
      </h2>
      {error && (
        <>
          <p>
            <strong>{error.what[language]}</strong>
          </p>
          <p>{error.patients[language]}</p>
          <p className="note warn">{error.toDo[language]}</p>
        </>
      )}
      <dl className="facts">
        {since !== null && (
          <>
            <dt>{t('outage.since')}</dt>
            <dd>
              <time dateTime={since}>{ago(since)}</time>
            </dd>
          </>
        )}
        <dt>{t('outage.lastSuccess')}</dt>
        <dd>{ago(lastSuccessAt)}</dd>
        {nextAttemptAt !== null && (
          <>
            <dt>{t('outage.nextAttempt')}</dt>
            <dd>{ago(nextAttemptAt)}</dd>
          </>
        )}
        <dt>{t('outage.queued.title')}</dt>
        <dd>
          {queued.total === 0
            ? t('outage.queued.none')
            : QUEUED.filter((kind) => queued[kind] > 0)
                .map((kind) => t(`outage.queued.${kind}`, { count: queued[kind] }))
                .join(', ')}
        </dd>
        {waiting.count > 0 && (
          <>
            <dt>{t('outage.waiting')}</dt>
            <dd>{waiting.count}</dd>
          </>
        )}
      </dl>
      {schedules.length > 0 && (
        <table>
          <caption>{t('outage.schedules.title')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('outage.schedules.who')}</th>
              <th scope="col">{t('outage.schedules.still')}</th>
              <th scope="col">{t('outage.schedules.policy')}</th>
            </tr>
          </thead>
          <tbody>
            {schedules.map(({ id, practitioner, stillAt, failover }) => (
              <tr key={id}>
                <th scope="row">{practitioner}</th>
                <td>
                  {stillAt.length === 0
                    ? t('outage.schedules.nowhere')
                    : stillAt.map((each) => titles[each]?.[language] ?? each).join(', ')}
                </td>
                <td>{t(`outage.schedules.${failover}`)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </article>
  );
}

function Working({ working }: Pick<OutageReport, 'working'>) {
  const { t, language } = useWords();
  if (working.length === 0) return <p className="note wrong">{t('outage.nothingWorks')}</p>;
  return (
    <section className="sheet" aria-labelledby="working-title">
      <h2 id="working-title">{t('outage.working.title')}</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('outage.working.platform')}</th>
            <th scope="col">{t('outage.working.today')}</th>
            <th scope="col">{t('outage.working.tomorrow')}</th>
          </tr>
        </thead>
        <tbody>
          {working.map(({ connection, title, free }) => (
            <tr key={connection}>
              <th scope="row">{title[language]}</th>
              <td className="number">{free.today}</td>
              <td className="number">{free.tomorrow}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
