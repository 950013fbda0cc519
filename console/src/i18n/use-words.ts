import { useTranslation } from 'react-i18next';
import { type Language, language } from './current.ts';

/** The words of now, and which language they are in; a component that uses it is drawn anew when that changes. */
export function useWords() {
  const { t } = useTranslation();
  return { t, language: language() };
}

export type Bilingual = Readonly<Record<Language, string>>;
