import { createContext, type ReactNode, useContext } from 'react';
import type { Session } from '../api/session.ts';
import { useWords } from '../i18n/use-words.ts';
import type { Status } from './model.ts';

/** What every card is shown with. */
export type Look = {
  readonly session: Session;
  readonly mayOperate: boolean;
  readonly connections: Status['connections'];
  /** Has all of it looked at anew. */
  readonly again: () => void;
  /**
   * Opens a dialog over the page, or closes it (null). It stays where its card goes while it is open: somebody else may have done
   * the same, and whoever is about to hears of that.
   */
  readonly show: (dialog: ReactNode) => void;
};

const Context = createContext<Look | null>(null);
export const LookProvider = Context.Provider;

export function useLook(): Look {
  const look = useContext(Context);
  if (!look) throw new Error('a card stands outside of the page');
  return look;
}

/** The name of a platform as people call it; null = our own interface. */
export function useTitles(): (connectionId: string | null) => string {
  const { connections } = useLook();
  const { t, language } = useWords();
  return (id) =>
    id === null ? t('todo.here') : (connections.find((each) => each.id === id)?.title[language] ?? id);
}
