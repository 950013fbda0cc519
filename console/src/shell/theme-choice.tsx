import { useState } from 'react';
import { useWords } from '../i18n/use-words.ts';
import { applyTheme, THEMES, type Theme, theme } from './theme.ts';

const SIGNS: Readonly<Record<Theme, string>> = { system: '◐', light: '☀', dark: '☾' };

/** One button that goes through the three. */
export function ThemeChoice() {
  const { t } = useWords();
  const [chosen, setChosen] = useState(theme);
  const next = THEMES[(THEMES.indexOf(chosen) + 1) % THEMES.length] ?? 'system';
  const choose = (): void => {
    applyTheme(next);
    setChosen(next);
  };
  const label = t('theme', { is: t(`themes.${chosen}`), next: t(`themes.${next}`) });
  return (
    <button type="button" className="plain" aria-label={label} title={label} onClick={choose}>
      <span aria-hidden="true">{SIGNS[chosen]}</span>
    </button>
  );
}
