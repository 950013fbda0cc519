import { useEffect, useRef } from 'react';
import { isTyping } from './notices.tsx';

/** Single keys, by their name in lower case, for the whole page; not while something is typed, nor under a dialog (WCAG 2.1, 2.1.4). */
export function useKeys(keys: Readonly<Record<string, () => void>>): void {
  const now = useRef(keys);
  now.current = keys;
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const { key, ctrlKey, metaKey, altKey } = event;
      if (ctrlKey || metaKey || altKey || isTyping(event) || document.querySelector('dialog[open]')) return;
      const act = now.current[key.toLowerCase()];
      if (!act) return;
      event.preventDefault();
      act();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}
