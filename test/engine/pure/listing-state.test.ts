import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { FAULT_KINDS } from '../../../src/adapter/faults.ts';
import { instant } from '../../../src/domain/instant.ts';
import { busyFingerprint, type Fingerprint } from '../../../src/domain/listing.ts';
import { seen, troubleOf } from '../../../src/engine/listing-state.ts';
import type { ListingRow } from '../../../src/engine/ports/agenda.ts';
import { packageRoot } from '../../../src/system/package-root.ts';

const TIME = { start: instant(1_000), end: instant(2_000) };
const CLOSED = busyFingerprint('block', TIME);

const row = (change: Partial<ListingRow>): ListingRow => ({
  connectionId: 'west',
  subjectId: 's',
  scheduleId: 'a',
  kind: 'block',
  home: null,
  desired: CLOSED,
  known: CLOSED,
  unsure: false,
  externalId: null,
  knownAt: instant(20),
  since: instant(10),
  attempts: 0,
  nextAttemptAt: instant(0),
  lastError: null,
  isAsked: false,
  ...change,
});

describe('a listing in words for people', () => {
  const tried = { known: null, attempts: 2, lastError: 'unavailable: 502', nextAttemptAt: instant(99) };
  for (const [what, change, expected] of [
    ['as it is wanted', {}, { state: 'agrees', since: 20, differsSince: null }],
    [
      'about to be written',
      { known: null },
      { state: 'waiting', since: 10, differsSince: 10, known: 'nothing' },
    ],
    ['tried in vain', tried, { state: 'failing', attempts: 2, nextAttemptAt: 99 }],
    [
      'tried in vain, and then wanted otherwise',
      { ...tried, attempts: 0 },
      { state: 'waiting', error: null },
    ],
    ['without an answer', { unsure: true }, { state: 'unsure', differsSince: 10 }],
    ['asked of a person', { known: null, isAsked: true }, { state: 'asked' }],
    ['to be opened', { desired: null }, { state: 'waiting', wanted: 'nothing', known: 'closed' }],
    ['booked', { desired: busyFingerprint('appointment', TIME) }, { wanted: 'booked', known: 'closed' }],
    ['held', { desired: busyFingerprint('hold', TIME, instant(5)) }, { wanted: 'held' }],
    ['on offer', { desired: 'offer/1/2/x' as Fingerprint }, { wanted: 'open' }],
  ] as const) {
    it(what, () => {
      expect(seen(row(change))).to.deep.include(expected);
    });
  }

  it('has words of its own for each trouble that delivery writes down', () => {
    const unexpected = troubleOf('unexpected TypeError');
    for (const kind of FAULT_KINDS) expect(troubleOf(`${kind}: Fictif`), kind).not.to.deep.equal(unexpected);
    const texts = ['deliver.ts', 'booked.ts'].flatMap((name) => {
      const source = readFileSync(join(packageRoot, 'src', 'engine', name), 'utf8');
      return [...source.matchAll(/(?:error(?::| =)|const [A-Z_]+ =|listing,) [`'](\w[^`']* [^`']*)[`']/g)];
    });
    expect(texts.length).to.be.greaterThan(6);
    for (const [, text = ''] of texts) expect(troubleOf(text), text).not.to.deep.equal(unexpected);
    expect(JSON.stringify(troubleOf('malformed: Fictif'))).not.to.contain('Fictif');
  });
});
