import { expect } from 'chai';
import { languageOf } from '../../src/fhir/language.ts';

describe('fhir: the language of a caller', () => {
  for (const [header, language] of [
    [undefined, 'fr'],
    ['', 'fr'],
    ['*', 'fr'],
    ['de', 'fr'],
    ['en', 'en'],
    ['EN-ca', 'en'],
    ['fr-CA, en;q=0.8', 'fr'],
    ['fr;q=0.5, en-US;q=0.9', 'en'],
    ['en, fr', 'en'],
    ['de, en;q=0.2, *;q=0.1', 'en'],
    ['en;q=0', 'fr'],
    ['en;q=nonsense', 'en'],
    ['entire', 'fr'],
  ] as const) {
    it(`is ${language} of ${header === undefined ? 'no header' : JSON.stringify(header)}`, () => {
      expect(languageOf(header)).to.equal(language);
    });
  }
});
