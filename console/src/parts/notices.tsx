import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import { useWords } from '../i18n/use-words.ts';
import { ProblemText } from './problem-note.tsx';

/** What was just done, told to eyes and to screen readers, and taken back by a button or by Ctrl+Z as long as it is shown. */

export type Notice = {
  readonly text: string;
  /** Does the opposite; what it returns is told in turn. Left out = it cannot be taken back. */
  readonly undo?: () => Promise<Notice | null>;
  /** What was tried failed with it. */
  readonly error?: unknown;
};

type Told = Notice & { readonly id: number };

const SHOWN_MILLISECONDS = 12_000;

const Context = createContext<(notice: Notice) => void>(() => undefined);

export const useNotices = () => useContext(Context);

export function Notices({ children }: { readonly children: ReactNode }) {
  const { t } = useWords();
  const [told, setTold] = useState<Told | null>(null);
  const [isUndoing, setUndoing] = useState(false);
  const tell = useCallback((notice: Notice): void => {
    setTold((before) => ({ ...notice, id: (before?.id ?? 0) + 1 }));
  }, []);

  const undo = useCallback(async (): Promise<void> => {
    if (!told?.undo || isUndoing) return;
    setUndoing(true);
    try {
      const next = await told.undo();
      if (next) tell(next);
      else setTold(null);
    } catch (error) {
      tell({ text: t('notUndone'), error });
    } finally {
      setUndoing(false);
    }
  }, [told, isUndoing, tell, t]);

  useEffect(() => {
    if (!told || told.error !== undefined) return;
    const timer = setTimeout(() => setTold(null), SHOWN_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [told]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'z' || isTyping(event)) return;
      event.preventDefault();
      void undo();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [undo]);

  return (
    <Context.Provider value={useMemo(() => tell, [tell])}>
      {children}
      <div className="notices" role="status">
        {told && (
          <div className={told.error === undefined ? 'notice' : 'notice wrong'} key={told.id}>
            <div>
              <p>{told.text}</p>
              {told.error !== undefined && <ProblemText error={told.error} />}
            </div>
            {told.undo && (
              <button type="button" className="plain" disabled={isUndoing} onClick={() => void undo()}>
                {t('undo')}
              </button>
            )}
            <button type="button" className="plain" aria-label={t('close')} onClick={() => setTold(null)}>
              <span aria-hidden="true">✕</span>
            </button>
          </div>
        )}
      </div>
    </Context.Provider>
  );
}

/** In a field Ctrl+Z takes back what was typed there. */
export function isTyping({ target }: Event): boolean {
  return (
    target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null
  );
}
