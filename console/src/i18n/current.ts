import i18next from 'i18next';

export type Language = 'fr' | 'en';

/** Which language is shown. */
export const language = (): Language => (i18next.language === 'en' ? 'en' : 'fr');

/** BCP 47, as Intl takes it. */
export const locale = (): string => (language() === 'fr' ? 'fr-CA' : 'en-CA');
