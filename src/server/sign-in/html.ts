/** HTML of which every value is escaped, unless it is HTML itself. */

export type Html = { readonly html: string };

type Value = string | number | Html | readonly Html[] | null;

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string => text.replace(/[&<>"']/g, (each) => ESCAPES[each] ?? each);

function textOf(value: Value): string {
  if (value === null) return '';
  if (typeof value === 'string' || typeof value === 'number') return escaped(String(value));
  return 'html' in value ? value.html : value.map(({ html: text }) => text).join('');
}

/** A template: null is nothing, a list is one after the other. */
export const html = (texts: TemplateStringsArray, ...values: readonly Value[]): Html => ({
  html: texts.map((text, index) => (index === 0 ? text : textOf(values[index - 1] ?? null) + text)).join(''),
});

/** What is HTML already, of our own making and of nobody else's. */
export const trusted = (text: string): Html => ({ html: text });
