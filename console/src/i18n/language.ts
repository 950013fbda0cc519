import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { type Language, locale } from './current.ts';
import { fr, type Words } from './fr.ts';

/** French unless English is asked for; the choice is kept in this browser. */

const KEPT = 'passerelle.language';

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
