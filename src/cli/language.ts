import type { Variables } from '../config/environment.ts';

export const LANGUAGES = ['en', 'fr'] as const;
export type Language = (typeof LANGUAGES)[number];

/** As asked for, else PASSERELLE_LANG, else the locale of the process (POSIX: LC_ALL, LC_MESSAGES, LANG), else English. */
export function languageOf(asked: Language | undefined, variables: Variables): Language {
  if (asked !== undefined) return asked;
  for (const name of ['PASSERELLE_LANG', 'LC_ALL', 'LC_MESSAGES', 'LANG']) {
    const value = variables[name];
    if (value !== undefined && value !== '') return value.toLowerCase().startsWith('fr') ? 'fr' : 'en';
  }
  return 'en';
}

/** Colours only for a person who did not decline them (no-color.org). */
export const wantsColour = (stream: { readonly isTTY?: boolean }, variables: Variables): boolean =>
  stream.isTTY === true && !variables['NO_COLOR'];
