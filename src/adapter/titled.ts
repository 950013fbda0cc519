/**
 * What a form calls a setting, in both languages, as `z.string().describe('…').meta(titled('API key', 'Clé', '…'))`. The English of
 * what it means is `.describe()`, which JSON Schema, editors and messages have; the French is in a keyword of our own, `x-fr`.
 * @param french what it means, as the description says it in English.
 */
export const titled = (title: string, frenchTitle: string, french: string) => ({
  title,
  'x-fr': { title: frenchTitle, description: french },
});
