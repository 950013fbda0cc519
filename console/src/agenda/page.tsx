import { useQuery } from '@tanstack/react-query';
import { send } from '../api/send.ts';
import { useWords } from '../i18n/use-words.ts';
import type { PageProps } from '../pages.tsx';
import { ProblemNote } from '../parts/problem-note.tsx';
import { Board } from './board.tsx';
import type { Agenda } from './model.ts';
import '../style/agenda.css';

const MINUTE_MILLISECONDS = 60_000;

/** Which schedules there are is asked first, since the day that is shown begins where they are. */
export function AgendaPage({ session }: PageProps) {
  const { t } = useWords();
  const known = useQuery({
    queryKey: ['schedules'],
    queryFn: async () => {
      const now = Date.now();
      const [from = '', before = ''] = [now, now + MINUTE_MILLISECONDS].map((at) =>
        new Date(at).toISOString(),
      );
      return (await send<Agenda>('GET', `/api/agenda?${new URLSearchParams({ from, before })}`)).schedules;
    },
    staleTime: MINUTE_MILLISECONDS,
  });
  if (known.data && known.data.length > 0) return <Board session={session} schedules={known.data} />;
  if (known.error) return <ProblemNote error={known.error} onRetry={() => void known.refetch()} />;
  return <p className="loading">{t(known.data ? 'agenda.noSchedules' : 'loading')}</p>;
}
