import { type FunctionComponent, lazy } from 'react';
import { AgendaPage } from './agenda/page.tsx';
import { hasDuty, mayDo, type Session } from './api/session.ts';
import type { Words } from './i18n/fr.ts';
import { TodoCount } from './todo/count.tsx';

/** Every page of the console; src/server/console.ts serves each of their paths. */

export type PageProps = { readonly session: Session };

export type ConsolePage = {
  readonly path: string;
  readonly name: keyof Words['pages'];
  /** Whose rights are enough for what it shows. */
  readonly isFor: (session: Session) => boolean;
  readonly Page: FunctionComponent<PageProps>;
  /** Which page of the menu it belongs to; left out = it stands there itself. */
  readonly under?: keyof Words['pages'];
  /** How much waits there, beside its name. */
  readonly Count?: FunctionComponent;
};

/** Where a clinic begins that has nothing. */
export const SET_UP = '/set-up';

export const PAGES: readonly ConsolePage[] = [
  { path: '/agenda', name: 'agenda', isFor: (session) => mayDo(session, 'Slot', 's'), Page: AgendaPage },
  {
    path: '/todo',
    name: 'todo',
    isFor: (session) => hasDuty(session, 'status'),
    Page: lazy(() => import('./todo/page.tsx')),
    Count: TodoCount,
  },
  {
    path: '/connections',
    name: 'connections',
    isFor: (session) => hasDuty(session, 'status'),
    Page: lazy(() => import('./connections/page.tsx')),
  },
  {
    path: '/outage',
    name: 'outage',
    isFor: (session) => hasDuty(session, 'status'),
    Page: lazy(() => import('./outage/page.tsx')),
  },
  {
    path: '/policies',
    name: 'policies',
    isFor: (session) => hasDuty(session, 'status'),
    Page: lazy(() => import('./policies/page.tsx')),
  },
  {
    path: '/connections/edit',
    name: 'connect',
    under: 'connections',
    isFor: (session) => hasDuty(session, 'administer'),
    Page: lazy(() => import('./connect/page.tsx')),
  },
  {
    path: SET_UP,
    name: 'setUp',
    under: 'connections',
    isFor: (session) => hasDuty(session, 'administer'),
    Page: lazy(() => import('./set-up/page.tsx')),
  },
];
