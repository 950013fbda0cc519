import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useWords } from '../i18n/use-words.ts';
import { Dialog } from '../parts/dialog.tsx';
import { ProblemNote } from '../parts/problem-note.tsx';
import { useNow } from '../time/use-now.ts';
import { agoText } from '../time/zone.ts';
import { rejectedRecords } from './commands.ts';
import type { Connection, RejectedRecord } from './model.ts';
import { unmappedCodeIn } from './unmapped.ts';

/** Which records were set aside, and why. What they contain is shown only when it is asked for: it may name patients. */
export function RecordsDialog({
  connection: { id, title },
  onClose,
}: {
  readonly connection: Connection;
  readonly onClose: () => void;
}) {
  const { t, language } = useWords();
  const [isRaw, setRaw] = useState(false);
  const { data, error, refetch } = useQuery({
    queryKey: ['rejected', id, isRaw],
    queryFn: () => rejectedRecords(id, isRaw),
    // Each time that they are opened is recorded, so they are asked for once, and kept no longer than they are shown.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
  return (
    <Dialog title={t('todo.records.title', { platform: title[language] })} onClose={onClose}>
      {error !== null && <ProblemNote error={error} onRetry={() => void refetch()} />}
      {!data && error === null && <p className="loading">{t('loading')}</p>}
      {data?.length === 0 && <p>{t('todo.records.none')}</p>}
      {data && data.length > 0 && <Records records={data} isRaw={isRaw} />}
      {!isRaw && data?.some(({ hasRaw }) => hasRaw) && (
        <>
          <p className="note warn">{t('todo.records.rawWarning')}</p>
          <button type="button" className="quiet" onClick={() => setRaw(true)}>
            {t('todo.records.raw')}
          </button>
        </>
      )}
    </Dialog>
  );
}

function Records({
  records,
  isRaw,
}: {
  readonly records: readonly RejectedRecord[];
  readonly isRaw: boolean;
}) {
  const { t } = useWords();
  const now = useNow(10_000);
  return (
    <ul className="bare records">
      {records.map((record) => {
        const { feedId, externalId, reason, occurrences, lastAt } = record;
        const name = externalId ?? t('todo.records.noIds', { count: record.records });
        const times = t('todo.records.times', { count: occurrences });
        return (
          <li key={`${feedId} ${externalId} ${reason}`}>
            <dl className="facts">
              <dt>{t('todo.records.record')}</dt>
              <dd>{name}</dd>
              <dt>{t('todo.records.reason')}</dt>
              <dd>
                <Reason reason={reason} />
              </dd>
              <dt>{t('todo.records.seen')}</dt>
              <dd>{t('todo.records.last', { times, ago: agoText(lastAt, now) })}</dd>
            </dl>
            {isRaw && <Raw record={record} name={name} />}
          </li>
        );
      })}
    </ul>
  );
}

const UNLINKED = 'this calendar is not linked to a schedule in the configuration';

/** What has words of ours in them; the rest says which field of the platform's it is, and is for who mends it. */
function Reason({ reason }: { readonly reason: string }) {
  const { t } = useWords();
  const unmapped = unmappedCodeIn(reason);
  if (unmapped) {
    const { code, field } = unmapped;
    return t('todo.records.reasons.unmapped', { code: code ?? t('todo.unmapped.notACode'), field });
  }
  return reason === UNLINKED ? t('todo.records.reasons.unlinked') : <code lang="en">{reason}</code>;
}

function Raw({ record: { raw }, name }: { readonly record: RejectedRecord; readonly name: string }) {
  const { t } = useWords();
  if (raw === null) return <p className="quiet-text">{t('todo.records.noRaw')}</p>;
  return (
    // It is scrolled by the keyboard too (axe: scrollable-region-focusable).
    // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
    <section tabIndex={0} aria-label={t('todo.records.rawOf', { record: name })} className="raw">
      <pre>{indented(raw)}</pre>
    </section>
  );
}

function indented(raw: string): string {
  try {
    return JSON.stringify(JSON.parse(raw), null, 2);
  } catch {
    return raw;
  }
}
