import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import targets, { simulator } from '../../adapters/bonjour-sante/conformance.ts';
import { make, unmake } from '../../src/conformance/commands.ts';
import { known } from '../../src/conformance/context.ts';
import { conforms, ownCases } from '../../src/conformance/mocha.ts';
import { simulatorTarget } from '../../src/conformance/simulator-target.ts';

for (const target of targets) conforms('bonjour-sante', target, 'platinum');

const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../adapters/bonjour-sante/fixtures/${name}`, import.meta.url), 'utf8'));
const own = ownCases(simulatorTarget(simulator));

describe('bonjour-sante, by itself', () => {
  own('moves a block whose key was used for another time before', async (context) => {
    const platform = context.connect();
    const [from, to] = [await context.free(), await context.free()];
    const mark = context.mark();
    const first = known(await make('block', context, platform, from, mark));
    expect(known(await make('block', context, platform, to, mark)).externalId).to.equal(first.externalId);
    expect(await context.periodsAt(from.interval)).to.deep.equal([]);
    expect((await context.periodsAt(to.interval)).map(({ id }) => id)).to.deep.equal([first.externalId]);
  });

  own('books anew when our hold is gone and nobody took the time', async (context) => {
    const platform = context.connect();
    const time = await context.free();
    const hold = known(await make('hold', context, platform, time, context.mark()));
    await unmake('hold', context, platform, context.mark(), hold);
    const mark = context.mark();
    known(await make('book', context, platform, time, mark, hold));
    const periods = await context.periodsAt(time.interval);
    expect(periods.map(({ kind, reference }) => [kind, reference])).to.deep.equal([['booked', mark]]);
  });

  own('reads the rows of its fixture, and sets the bad one aside', async (context) => {
    context.proxy.set({ kind: 'tamper', change: () => JSON.stringify(fixture('grille.json')) });
    const window = context.window();
    const { rows, rejected, end } = await context.read(context.connect(), null, window);
    expect(rows.map((row) => [row.kind, row.externalId, row.mark, row.sequence])).to.deep.equal([
      ['slot', 'pla-1', null, 11],
      ['busy', 'res-2', null, 12],
      ['busy', 'blo-3', 'passerelle:0b7c4f9e-1111-4222-8333-444455556666', 13],
    ]);
    expect(rows[0]?.kind === 'slot' && rows[0].attributes).to.deep.equal({
      availableSince: Date.parse('2026-11-20T13:00:00Z'),
      eligibility: ['registered-doctor', 'registered-place'],
      reasons: null,
      reorientation: [],
      mode: 'in-person',
      bookingUrl: 'https://bonjour-sante.invalid/plages/pla-1',
    });
    expect(rejected.map(({ raw: _, ...told }) => told)).to.deep.equal([
      { externalId: 'pla-1', reason: 'unmapped code VOYAGE in motifs' },
      { externalId: 'res-4', reason: 'fin: custom' },
    ]);
    expect(rejected.map(({ raw }) => (raw as { id: string }).id)).to.deep.equal(['pla-1', 'res-4']);
    // What could not be read has a name, so the absence of all others still means something.
    expect(end.kind === 'end' && end.complete).to.deep.equal(window);
  });
});
