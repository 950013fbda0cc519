/** Addresses of a description: a URL in which settings may stand, put in as they are, since what is reached is configured. */

const HOLE = /\{\{\s*settings\.([\w-]+)\s*\}\}/g;

/** The settings that stand in it. */
export const settingsIn = (text: string): string[] => [...text.matchAll(HOLE)].map(([, name = '']) => name);

export const addressOf = (text: string, settings: Readonly<Record<string, unknown>>): string =>
  text.replaceAll(HOLE, (_, name: string) => String(settings[name] ?? '').replace(/\/$/, ''));

/** Whether it is an address once its settings are known, as far as can be told before. */
export function isAddress(text: string): boolean {
  const filled = text
    .replace(/^\{\{\s*settings\.[\w-]+\s*\}\}/, 'https://host.invalid')
    .replaceAll(HOLE, 'x');
  return URL.canParse(filled) && /^https?:\/\//.test(filled) && !/[?#{}]/.test(filled);
}
