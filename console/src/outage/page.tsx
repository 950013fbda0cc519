import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Problem } from '../api/problem.ts';
import { send } from '../api/send.ts';
import { mayDo } from '../api/session.ts';
import { useWords } from '../i18n/use-words.ts';
import type { PageProps } from '../pages.tsx';
import { SelectField } from '../parts/field.tsx';
import { ProblemNote } from '../parts/problem-note.tsx';
import type { Sheet } from './model.ts';
import { Report } from './report.tsx';
import { SheetView } from './sheet-view.tsx';
import '../style/outage.css';

const REFRESH_MILLISECONDS = 10_000;

/** The day on which a platform is down: what is wrong, what still works, and the sheet that a clinic goes on by with a pen. */
export default function OutagePage({ session }: PageProps) {
  const { t } = useWords();
  return (
    <>
      <div className="page-head no-print">
        <h1>{t('outage.title')}</h1>
      </div>
      <Report />
      {mayDo(session, 'Appointment', 's') && <Contingency isOfAll={session.organization === null} />}
    </>
  );
}

type Organizations = { readonly organizations: readonly { readonly id: string; readonly name: string }[] };

function Contingency({ isOfAll }: { readonly isOfAll: boolean }) {
  const { t } = useWords();
  const [chosen, setChosen] = useState<string | null>(null);
  const status = useQuery({
    queryKey: ['organizations'],
    queryFn: () => send<Organizations>('GET', '/api/status'),
    enabled: isOfAll,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const organizations = status.data?.organizations ?? [];
  const organization = chosen ?? organizations[0]?.id ?? null;
  const query = organization === null ? '' : `?${new URLSearchParams({ organization })}`;
  const sheet = useQuery({
    queryKey: ['contingency', query],
    queryFn: ({ signal }) => send<Sheet>('GET', `/api/contingency${query}`, { signal }),
    // While nobody answers the last one stays: it is what this page is for.
    refetchInterval: REFRESH_MILLISECONDS,
    enabled: !isOfAll || organization !== null || status.isError,
  });
  return (
    <section aria-labelledby="sheet-title">
      <h2 id="sheet-title" className="no-print">
        {t('outage.sheet.title')}
      </h2>
      {organizations.length > 1 && (
        <div className="no-print">
          <SelectField
            label={t('outage.sheet.organization')}
            value={organization ?? ''}
            options={organizations.map(({ id, name }) => ({ value: id, text: name }))}
            onValue={setChosen}
          />
        </div>
      )}
      {sheet.error && !isSilence(sheet.error, sheet.data) && (
        <ProblemNote error={sheet.error} onRetry={() => void sheet.refetch()} />
      )}
      {sheet.data ? (
        <SheetView
          sheet={sheet.data}
          isOld={sheet.isError}
          query={organization === null ? {} : { organization }}
        />
      ) : (
        sheet.isPending && <p className="loading">{t('loading')}</p>
      )}
    </section>
  );
}

/** That nobody answers is said on the sheet itself, which is still there. */
const isSilence = (error: unknown, data: Sheet | undefined): boolean =>
  data !== undefined && error instanceof Problem && (error.status === 0 || error.status >= 500);
