import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import adapter from '../../adapters/bonjour-sante/adapter.ts';
import { SIMULATOR_KEY } from '../../adapters/bonjour-sante/simulator/platform.ts';
import { startSimulator } from '../../adapters/bonjour-sante/simulator/start.ts';
import { Grille } from '../../adapters/bonjour-sante/wire.ts';
import { make, unmake } from '../conformance/commands.ts';
import { known } from '../conformance/context.ts';
import { ownCases } from '../conformance/own-case.ts';
import { type SimulatorTarget, simulatorTarget } from '../conformance/simulator-target.ts';
import { conforms } from '../conformance/suite.ts';
import { SECRET } from '../conformance/target.ts';

const webhookSecret = 'a-secret-of-the-suite';

const options: SimulatorTarget = {
  adapter,
  start: startSimulator,
  settings: (baseUrl) => ({ baseUrl, apiKey: SIMULATOR_KEY, webhookSecret }),
  expired: (baseUrl) => ({ baseUrl, apiKey: 'expired', webhookSecret }),
  addMalformed: (body) => {
    const page = Grille.parse(JSON.parse(body));
    const malformed = {
      genre: 'reservation',
      id: 'res-x',
      agendaId: SECRET,
      debut: SECRET,
      statut: SECRET,
    };
    return JSON.stringify({ ...page, elements: [malformed, 12, null, ...page.elements] });
  },
  webhookSecret,
};

conforms('bonjour-sante', simulatorTarget(options));

const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../adapters/bonjour-sante/fixtures/${name}`, import.meta.url), 'utf8'));
const own = ownCases(simulatorTarget(options));

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
