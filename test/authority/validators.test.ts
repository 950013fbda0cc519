import { expect } from 'chai';
import { etagOf, isUnmodified, modificationTimes } from '../../src/authority/validators.ts';
import { parseInstant, plus, SECOND } from '../../src/domain/instant.ts';

const AT = parseInstant('2026-11-23T08:00:00.400-05:00');
const DATE = 'Mon, 23 Nov 2026 13:00:00 GMT';

describe('scheduling links: validators', () => {
  const etag = etagOf('a', 'b');
  const current = { etag, lastModified: AT };

  it('are another tag for other parts, however they are put together', () => {
    expect(etag).to.match(/^W\/"[\w-]{43}"$/);
    expect(etagOf('a', 'b')).to.equal(etag);
    const others = [etagOf('ab'), etagOf('', 'ab'), etagOf('ab', ''), etagOf('b', 'a'), etagOf('a', 'b', '')];
    expect(new Set([etag, ...others]).size).to.equal(6);
  });

  const rows: Record<string, [headers: Record<string, string>, unmodified: boolean]> = {
    'no condition': [{}, false],
    'the tag': [{ 'if-none-match': etag }, true],
    'the tag as a strong one': [{ 'if-none-match': etag.slice('W/'.length) }, true],
    'the tag among others': [{ 'if-none-match': `"x", ${etag}` }, true],
    'any tag': [{ 'if-none-match': '*' }, true],
    'another tag': [{ 'if-none-match': '"x"' }, false],
    'another tag, and a date that would do': [{ 'if-none-match': '"x"', 'if-modified-since': DATE }, false],
    'its own date': [{ 'if-modified-since': DATE }, true],
    'a later date': [{ 'if-modified-since': 'Tue, 24 Nov 2026 13:00:00 GMT' }, true],
    'an earlier date': [{ 'if-modified-since': 'Mon, 23 Nov 2026 12:59:59 GMT' }, false],
    'a date that is none': [{ 'if-modified-since': 'yesterday' }, false],
  };
  for (const [title, [headers, unmodified]] of Object.entries(rows)) {
    it(`${unmodified ? 'match' : 'do not match'} on ${title}`, () => {
      expect(isUnmodified(headers, current)).to.equal(unmodified);
    });
  }
});

describe('scheduling links: since when a file is as it is', () => {
  it('is since its tag was first seen', () => {
    const modifiedAt = modificationTimes();
    const first = modifiedAt('file', '"1"', AT);
    expect(first).to.equal(AT - 400);
    expect(modifiedAt('file', '"1"', plus(AT, 9 * SECOND))).to.equal(first);
    expect(modifiedAt('file', '"2"', plus(AT, 10 * SECOND))).to.equal(first + 10 * SECOND);
    expect(modifiedAt('other', '"1"', plus(AT, 11 * SECOND))).to.equal(first + 11 * SECOND);
    expect(modifiedAt('file', '"1"', plus(AT, 12 * SECOND)), 'it was another in between').to.equal(
      first + 12 * SECOND,
    );
  });

  it('is another second for another tag, since HTTP tells no less', () => {
    const modifiedAt = modificationTimes();
    const dates = ['"1"', '"2"', '"3"'].map((tag) => modifiedAt('file', tag, AT));
    expect(new Set(dates).size).to.equal(3);
    expect(dates).to.deep.equal([...dates].sort());
  });

  it('is forgotten of those that were asked for longest ago', () => {
    const modifiedAt = modificationTimes();
    modifiedAt('first', '"1"', AT);
    modifiedAt('second', '"1"', AT);
    modifiedAt('first', '"1"', AT);
    for (let number = 0; number < 9_999; number += 1) modifiedAt(`other ${number}`, '"1"', AT);
    const later = plus(AT, 60 * SECOND);
    expect(modifiedAt('first', '"1"', later), 'asked for again').to.equal(AT - 400);
    expect(modifiedAt('second', '"1"', later), 'asked for once').to.equal(later - 400);
  });
});
