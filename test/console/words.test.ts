import { expect } from 'chai';
import { en } from '../../console/src/i18n/en.ts';
import { fr } from '../../console/src/i18n/fr.ts';

/** Key by key, as `agenda.done.booked`. That both have the same keys is for the compiler to say. */
function texts(words: object, path = ''): [key: string, text: string][] {
  return Object.entries(words).flatMap(([key, value]: [string, unknown]) =>
    typeof value === 'object' && value !== null
      ? texts(value, `${path}${key}.`)
      : [[path + key, String(value)] as [string, string]],
  );
}

const fields = (text: string): string[] => (text.match(/\{\{\w+\}\}/g) ?? []).sort();

describe('the words of the console', () => {
  const english = new Map(texts(en));

  it('name the same things in both languages', () => {
    for (const [key, text] of texts(fr))
      expect(fields(english.get(key) ?? ''), key).to.deep.equal(fields(text));
  });

  it('are never empty, and use the apostrophe of print', () => {
    for (const [key, text] of [...texts(fr), ...english]) {
      expect(text.trim(), key).not.to.equal('');
      expect(text, key).not.to.match(/[A-Za-z]'[A-Za-z]/);
    }
  });
});
