import { expect } from 'chai';
import type { Held, OperationName, Written } from '../../adapter/contract.ts';
import type { Observation } from '../../adapter/observation.ts';
import { SECOND } from '../../domain/instant.ts';
import { overlaps } from '../../domain/interval.ts';
import { always, type Case, declares, graded, isAsked, tellsByItself } from '../case.ts';
import { ATTRIBUTES, MAKING, type Making, make, READ_AS, REMOVING, standing, unmake } from '../commands.ts';
import { known, marked, namesPatient, operation, PATIENT } from '../context.ts';
import type { Grade } from '../grade.ts';

/** What holds needs a hold for; all else that is declared is part of mirroring. */
const gradeFor = (name: Making): Grade => (name === 'hold' ? 'platinum' : 'silver');

const SHOWN = { block: 'blocked', hold: 'held', book: 'busy' } as const;

const making: readonly Case[] = MAKING.flatMap((name) =>
  graded(gradeFor(name), [
    {
      id: `${name}-stands`,
      title: `${name}: stands at the platform, under our mark, for exactly that time`,
      applies: declares(name),
      run: async (context) => {
        const platform = context.connect();
        const time = await context.free();
        const mark = context.mark();
        const { externalId } = known(await make(name, context, platform, time, mark));
        const found = await standing(context, name, time, mark);
        expect(found.map(({ id, interval }) => ({ id, interval }))).to.deep.equal([
          { id: externalId, interval: time.interval },
        ]);
        if (name === 'publish') return;
        for (const slot of await context.slotsAt(time.interval)) expect(slot.status).to.equal(SHOWN[name]);
      },
    },
    {
      id: `${name}-echo`,
      title: `${name}: comes back in a reading with our mark on it`,
      applies: declares(name),
      run: async (context) => {
        const platform = context.connect();
        const time = await context.free();
        const mark = context.mark();
        const answer = await make(name, context, platform, time, mark);
        const { rows } = await context.read(platform);
        const [echo, ...more] = marked(rows, mark);
        expect(more).to.deep.equal([]);
        expect(echo?.externalId).to.equal(known(answer).externalId);
        expect(echo?.interval).to.deep.equal(time.interval);
        if (name === 'publish') return isNoWider(echo);
        expect(echo?.kind === 'busy' && echo.busyKind).to.equal(READ_AS[name]);
        if (name === 'hold') endsAsGranted(echo, answer);
      },
    },
    {
      id: `${name}-twice`,
      title: `${name}: the same command twice makes one thing`,
      applies: (capabilities) => declares(name)(capabilities) && capabilities.idempotency !== 'none',
      run: async (context) => {
        const platform = context.connect();
        const time = await context.free();
        const mark = context.mark();
        const first = known(await make(name, context, platform, time, mark));
        // A platform that knows no key is asked first, as the engine does.
        const byKey = context.adapter.manifest.capabilities.idempotency === 'key';
        const found = byKey ? [] : await platform.readBack?.(context.calendar, mark);
        for (const row of found ?? []) expect(row.externalId).to.equal(first.externalId);
        if (byKey || name === 'block' || name === 'publish') {
          const before = byKey ? null : first;
          expect(known(await make(name, context, platform, time, mark, before)).externalId).to.equal(
            first.externalId,
          );
        } else {
          const again = await make(name, context, platform, time, mark);
          if (again.outcome === 'done') expect(again.externalId).to.equal(first.externalId);
        }
        expect(await standing(context, name, time, mark)).to.have.length(1);
      },
    },
    {
      id: `${REMOVING[name]}-removes`,
      title: `${REMOVING[name]}: takes away what ${name} made, and nothing stands there`,
      applies: declares(name, REMOVING[name]),
      run: async (context) => {
        const platform = context.connect();
        const time = await context.free();
        const mark = context.mark();
        await make(name, context, platform, time, mark);
        // As the engine knows it: from a reading, or from the answer.
        const row = marked((await context.read(platform)).rows, mark)[0];
        if (!row) throw new Error('it did not come back in a reading');
        expect((await unmake(name, context, platform, mark, row)).outcome).to.equal('done');
        expect(await standing(context, name, time, mark)).to.deep.equal([]);
        if (name === 'publish') return;
        for (const slot of await context.slotsAt(time.interval)) expect(slot.status).to.equal('free');
      },
    },
    {
      id: `${REMOVING[name]}-gone`,
      title: `${REMOVING[name]}: of what is there no more answers gone`,
      applies: declares(name, REMOVING[name]),
      run: async (context) => {
        const platform = context.connect();
        const mark = context.mark();
        const made = known(await make(name, context, platform, await context.free(), mark));
        await unmake(name, context, platform, mark, made);
        expect(await unmake(name, context, platform, mark, made)).to.deep.equal({ outcome: 'gone' });
      },
    },
  ]),
);

/** What has no code there may be lost, but nobody may book who was not meant to. */
function isNoWider(row: Observation | undefined): void {
  if (row?.kind !== 'slot') throw new Error('what was published comes back as no slot');
  const { eligibility, reasons, reorientation, mode } = row.attributes;
  const lists = { eligibility, reasons, reorientation };
  for (const name of ['eligibility', 'reasons', 'reorientation'] as const) {
    if (lists[name] === null) continue;
    expect(lists[name], name).not.to.have.length(0);
    expect(ATTRIBUTES[name], name).to.include.members([...lists[name]]);
  }
  expect(mode).to.be.oneOf([ATTRIBUTES.mode, null]);
}

/** By the platform's clock and to the second, which is as exact as many a platform writes it. */
function endsAsGranted(row: Observation | undefined, answer: Held | Written): void {
  const granted = 'expiresAt' in answer ? answer.expiresAt : Number.NaN;
  const read = row?.kind === 'busy' ? row.expiresAt : null;
  expect(read, 'when the hold ends').not.to.equal(null);
  expect(Math.abs((read ?? 0) - granted), 'from the end that was granted').to.be.lessThan(SECOND);
}

const taking: readonly Case[] = (['hold', 'book'] as const).flatMap((name) =>
  graded(gradeFor(name), [
    {
      id: `${name}-taken`,
      title: `${name}: of a time that a patient took answers taken, and the patient stays`,
      applies: declares(name),
      run: async (context) => {
        const time = await context.free();
        const booking = await context.patientBooks(time);
        expect(await make(name, context, context.connect(), time, context.mark())).to.deep.equal({
          outcome: 'taken',
        });
        expect((await context.periodsAt(time.interval)).map(({ id }) => id)).to.deep.equal([booking]);
      },
    },
  ]),
);

const combined: readonly Case[] = graded('silver', [
  {
    id: 'operations-declared',
    grade: 'bronze',
    title: 'implements exactly the operations that it declares',
    applies: always,
    run: async (context) => {
      const { capabilities } = context.adapter.manifest;
      const platform = context.connect();
      const implemented = Object.keys(platform.operations) as OperationName[];
      expect(implemented.sort()).to.deep.equal([...capabilities.operations].sort());
      expect(platform.readBack !== undefined).to.equal(
        capabilities.idempotency !== 'none' && isAsked(capabilities),
      );
      expect(platform.listen !== undefined).to.equal(tellsByItself(capabilities));
      expect(platform.readList !== undefined).to.equal(capabilities.lists === true);
      expect(platform.webhook !== undefined).to.equal(capabilities.webhook !== 'none');
    },
  },
  {
    id: 'block-over-booking',
    title: 'block: over a time that is booked answers done, and the booking stays',
    applies: declares('block'),
    run: async (context) => {
      const platform = context.connect();
      const time = await context.free();
      const booking = await context.patientBooks(time);
      expect((await make('block', context, platform, time, context.mark())).outcome).to.equal('done');
      const booked = (await context.periodsAt(time.interval)).filter(({ kind }) => kind === 'booked');
      expect(booked.map(({ id }) => id)).to.deep.equal([booking]);
      for (const slot of await context.slotsAt(time.interval)) expect(slot.status).to.equal('busy');
    },
  },
  {
    id: 'block-moves',
    title: 'block: moves what stands there to another time',
    applies: declares('block'),
    run: async (context) => {
      const platform = context.connect();
      const [from, to] = [await context.free(), await context.free()];
      const mark = context.mark();
      const first = known(await make('block', context, platform, from, mark));
      // Under the id that it had, or under a new one where the platform can only make it anew.
      const { externalId } = known(await make('block', context, platform, to, mark, first));
      expect(await standing(context, 'block', from, mark)).to.deep.equal([]);
      expect((await standing(context, 'block', to, mark)).map(({ id }) => id)).to.deep.equal([externalId]);
    },
  },
  {
    id: 'block-changes-gone',
    title: 'block: to move what somebody took away meanwhile answers gone, or makes it anew, once',
    applies: declares('block', 'unblock'),
    run: async (context) => {
      const platform = context.connect();
      const [from, to] = [await context.free(), await context.free()];
      const mark = context.mark();
      const before = known(await make('block', context, platform, from, mark));
      await unmake('block', context, platform, mark, before);
      const { outcome } = await make('block', context, platform, to, mark, before);
      expect(outcome).to.be.oneOf(['gone', 'done']);
      expect(await standing(context, 'block', from, mark)).to.deep.equal([]);
      expect(await standing(context, 'block', to, mark)).to.have.length(outcome === 'done' ? 1 : 0);
    },
  },
  {
    id: 'withdraw-taken',
    title: 'withdraw: of a slot that a patient booked answers taken, and the slot stays',
    applies: declares('publish', 'withdraw'),
    run: async (context) => {
      const platform = context.connect();
      const time = await context.free();
      const mark = context.mark();
      const made = known(await make('publish', context, platform, time, mark));
      await context.patientBooks({ interval: time.interval, slot: made.externalId });
      expect(await unmake('publish', context, platform, mark, made)).to.deep.equal({ outcome: 'taken' });
      expect((await context.slotsAt(time.interval)).map(({ id }) => id)).to.include(made.externalId);
    },
  },
  {
    id: 'book-own-hold',
    grade: 'platinum',
    title: 'book: turns our hold into an appointment, under the mark of the booking',
    applies: declares('hold', 'book'),
    run: async (context) => {
      const platform = context.connect();
      const time = await context.free();
      const hold = known(await make('hold', context, platform, time, context.mark()));
      const mark = context.mark();
      known(await make('book', context, platform, time, mark, hold));
      const periods = await context.periodsAt(time.interval);
      expect(periods.map(({ kind, reference }) => [kind, reference])).to.deep.equal([['booked', mark]]);
    },
  },
  {
    id: 'release-keeps-booking',
    grade: 'platinum',
    title: 'release: never takes an appointment away',
    applies: declares('hold', 'book', 'release'),
    run: async (context) => {
      const platform = context.connect();
      const time = await context.free();
      const mark = context.mark();
      const hold = known(await make('hold', context, platform, time, mark));
      await make('book', context, platform, time, context.mark(), hold);
      const late = { externalId: hold.externalId, revision: null };
      expect((await unmake('hold', context, platform, mark, late)).outcome).not.to.equal('done');
      expect((await context.periodsAt(time.interval)).map(({ kind }) => kind)).to.deep.equal(['booked']);
    },
  },
  {
    id: 'conditional-write',
    title: 'refuses to remove what changed since we read it',
    applies: (capabilities) => capabilities.conditionalWrite && declares('block', 'unblock')(capabilities),
    run: async (context) => {
      const platform = context.connect();
      const [time, other] = [await context.free(), await context.free()];
      const mark = context.mark();
      const stale = known(await make('block', context, platform, time, mark));
      await make('block', context, platform, other, mark, stale);
      expect(await unmake('block', context, platform, mark, stale)).to.deep.equal({ outcome: 'taken' });
      expect(await standing(context, 'block', other, mark)).to.have.length(1);
    },
  },
  {
    id: 'no-patient-data',
    title: 'says nothing of the patient, but to book: no block, no reading names one',
    applies: declares('book', 'block'),
    run: async (context) => {
      const platform = context.connect();
      const [time, other] = [await context.free(), await context.free()];
      const { calendar } = context;
      await operation(
        platform,
        'book',
      )({
        calendar,
        mark: context.mark(),
        interval: time.interval,
        slot: time.slot,
        patient: PATIENT,
        hold: null,
      });
      const before = context.proxy.seen.length;
      const mark = context.mark();
      const block = known(await make('block', context, platform, other, mark));
      const { rows, rejected } = await context.read(platform);
      await platform.readBack?.(calendar, mark);
      await unmake('block', context, platform, mark, block);
      expect(rows.some((row) => overlaps(row.interval, time.interval) && row.kind === 'busy')).to.equal(true);
      expect(namesPatient(JSON.stringify([rows, rejected]))).to.equal(false);
      expect(namesPatient(JSON.stringify(context.proxy.seen.slice(before)))).to.equal(false);
    },
  },
]);

export const WRITING: readonly Case[] = [...making, ...taking, ...combined];
