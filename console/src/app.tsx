import { Suspense, useEffect, useState } from 'react';
import { Redirect, Route, Switch } from 'wouter';
import { Problem } from './api/problem.ts';
import { carryToken, whenSignedOut } from './api/send.ts';
import { type Session, useSession } from './api/session.ts';
import { isFirstRun } from './configuration/model.ts';
import { useConfiguration } from './configuration/use-configuration.ts';
import { useWords } from './i18n/use-words.ts';
import { PAGES, SET_UP } from './pages.tsx';
import { Notices } from './parts/notices.tsx';
import { ProblemNote } from './parts/problem-note.tsx';
import { Shell } from './shell/shell.tsx';
import { SignedOut } from './shell/signed-out.tsx';

/** Who is signed in sees the pages that their rights are enough for; who is not goes to sign in, and comes back here. */
export function App() {
  const session = useSession();
  const { t } = useWords();
  const [isOut, setOut] = useState(false);
  useEffect(() => whenSignedOut(() => setOut(true)), []);

  if (session.data?.standing === 'full') {
    carryToken(session.data.csrfToken);
    return (
      <Notices>
        <Pages session={session.data} />
        {isOut && <SignedOut />}
      </Notices>
    );
  }
  if (session.data) return leaveFor('/auth/account');
  if (session.error instanceof Problem && session.error.status === 401) return leaveFor('/auth/sign-in');
  if (session.error) return <ProblemNote error={session.error} onRetry={() => void session.refetch()} />;
  return <p className="loading">{t('loading')}</p>;
}

function Pages({ session }: { readonly session: Session }) {
  const { t } = useWords();
  const pages = PAGES.filter(({ isFor }) => isFor(session));
  const [first] = pages;
  return (
    <Shell session={session} pages={pages}>
      <Suspense fallback={<p className="loading">{t('loading')}</p>}>
        <Switch>
          {pages.map(({ path, Page }) => (
            <Route key={path} path={path}>
              <Page session={session} />
            </Route>
          ))}
          <Route>{first ? <Home session={session} first={first.path} /> : <p>{t('noRights')}</p>}</Route>
        </Switch>
      </Suspense>
    </Shell>
  );
}

/** Who may set the clinic up begins there as long as nothing is connected. */
function Home({ session, first }: { readonly session: Session; readonly first: string }) {
  const { t } = useWords();
  const { data, isLoading } = useConfiguration(session);
  if (isLoading) return <p className="loading">{t('loading')}</p>;
  return <Redirect to={data && isFirstRun(data) ? SET_UP : first} replace />;
}

/** Those pages are the gateway's own, so the browser goes there. */
function leaveFor(path: string): null {
  const { pathname, search } = window.location;
  window.location.replace(`${path}?${new URLSearchParams({ next: pathname + search })}`);
  return null;
}
