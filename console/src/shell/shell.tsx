import { type ReactNode, useEffect, useRef } from 'react';
import { Link, useLocation } from 'wouter';
import type { Session } from '../api/session.ts';
import { setLanguage } from '../i18n/language.ts';
import { useWords } from '../i18n/use-words.ts';
import type { ConsolePage } from '../pages.tsx';
import { ThemeChoice } from './theme-choice.tsx';

/** What every page has around it. */
export function Shell({
  session,
  pages,
  children,
}: {
  readonly session: Session;
  readonly pages: readonly ConsolePage[];
  readonly children: ReactNode;
}) {
  const { t } = useWords();
  const [path] = useLocation();
  const page = pages.find((each) => each.path === path);
  const main = useRef<HTMLElement>(null);
  const before = useRef<ConsolePage | null>(null);
  useEffect(() => {
    document.title = page ? `${t(`pages.${page.name}`)} – Passerelle` : 'Passerelle';
  }, [page, t]);
  // A screen reader is told that another page is shown; at the start it reads the whole document by itself.
  useEffect(() => {
    if (before.current !== null && page && page !== before.current) main.current?.focus();
    before.current = page ?? null;
  }, [page]);

  return (
    <>
      <a className="skip" href="#main">
        {t('skip')}
      </a>
      <header className="top">
        <Link className="brand" href="/">
          Passerelle
        </Link>
        <nav aria-label={t('menu')}>
          <ul>
            {pages
              .filter(({ under }) => under === undefined)
              .map((each) => (
                <li key={each.path}>
                  <Link href={each.path} aria-current={currentOf(each, page)}>
                    {t(`pages.${each.name}`)}
                    {each.Count && <each.Count />}
                  </Link>
                </li>
              ))}
          </ul>
        </nav>
        <div className="settings">
          <LanguageSwitch />
          <ThemeChoice />
          <details className="account">
            <summary>{session.person.name}</summary>
            <ul>
              <li>
                <a href="/auth/account">{t('account')}</a>
              </li>
              <li>
                <a href="/auth/sign-out">{t('signOut')}</a>
              </li>
            </ul>
          </details>
        </div>
      </header>
      <main id="main" tabIndex={-1} ref={main}>
        {children}
      </main>
    </>
  );
}

/** A page that is under another one marks that one in the menu. */
function currentOf(each: ConsolePage, page: ConsolePage | undefined): 'page' | 'true' | undefined {
  if (each === page) return 'page';
  return page?.under === each.name ? 'true' : undefined;
}

function LanguageSwitch() {
  const { language } = useWords();
  const other = language === 'fr' ? 'en' : 'fr';
  return (
    <button type="button" className="plain" lang={`${other}-CA`} onClick={() => void setLanguage(other)}>
      {other === 'en' ? 'English' : 'Français'}
    </button>
  );
}
