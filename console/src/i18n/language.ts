import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Words } from './fr.ts';
import { fr } from './fr.ts';

/** French unless English is asked for; the choice is kept in this browser. */

export type Language = 'fr' | 'en';

const KEPT = 'passerelle.language';

export const language = (): Language => (i18next.language === 'en' ? 'en' : 'fr');

/** BCP 47, as Intl takes it. */
export const locale = (): string => (language() === 'fr' ? 'fr-CA' : 'en-CA');

export async function startLanguage(): Promise<void> {
  const kept = localStorage.getItem(KEPT);
  await i18next.use(initReactI18next).init({
    lng: 'fr',
    fallbackLng: false,
    resources: { fr: { translation: fr } },
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  await setLanguage(kept === 'en' ? 'en' : 'fr');
}

export async function setLanguage(next: Language): Promise<void> {
  // English is loaded by those who read it.
  if (next === 'en' && !i18next.hasResourceBundle('en', 'translation')) {
    i18next.addResourceBundle('en', 'translation', (await import('./en.ts')).en);
  }
  await i18next.changeLanguage(next);
  localStorage.setItem(KEPT, next);
  document.documentElement.lang = locale();
}

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: Words };
    returnNull: false;
  }
}
