import i18next from 'i18next';

/** What a code of a schema is called in the language of the page; the code itself where nobody has said. */
export function codeText(code: string): string {
  const key = `form.codes.${code}`;
  return i18next.exists(key) ? i18next.t(key as 'form.codes.block') : code;
}
