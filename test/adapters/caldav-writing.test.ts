import axios, { type AxiosAdapter } from 'axios';
import { expect } from 'chai';
import type { PatientDetails, Platform } from '../../src/adapter/contract.ts';
import { markOf } from '../../src/adapter/observation.ts';
import {
  at,
  faultOf,
  ics,
  must,
  network,
  onEachServer,
  PATIENT,
  read,
  timed,
} from '../support/caldav-client.ts';

onEachServer('writing', (bench) => {
  const mark = markOf('0b7c6b0e-0000-4000-8000-00000000000a');
  const interval = at('2026-11-24T14:00:00Z');
  const block = (platform: Platform) =>
    must(platform, 'block')({ calendar: bench().calendar, mark, interval, known: null });
  const nameOf = (externalId: string | null): string => externalId?.slice(bench().calendar.length) ?? '';
  const done = async (work: ReturnType<typeof block>) => {
    const written = await work;
    if (written.outcome !== 'done' || written.externalId === null)
      throw new Error(`not done: ${written.outcome}`);
    return { externalId: written.externalId, revision: written.revision };
  };

  it('blocks under our mark, once however often it is asked to, and comes back as an echo', async () => {
    const { calendar, platformWith, standing, rawText } = bench();
    const platform = platformWith();
    const { cursor } = await read(platform, calendar);
    const first = await done(block(platform));
    expect(await done(block(platform))).to.deep.equal(first);
    expect(await standing()).to.deep.equal([nameOf(first.externalId)]);
    const text = await rawText(nameOf(first.externalId));
    expect(text).to.include('DTSTART:20261124T140000Z').and.to.include('DTEND:20261124T143000Z');
    expect(text).to.include(`X-PASSERELLE-MARK:${mark}`).and.to.include('CLASS:PRIVATE');
    const echo = await read(platform, calendar, cursor);
    expect(echo.rows).to.have.length(1);
    expect(echo.rows[0]).to.deep.include({ mark, busyKind: 'block', interval, ...first });
    const back = (await platform.readBack?.(calendar, mark)) ?? [];
    expect(back).to.have.length(1);
    expect(back[0]).to.deep.include({ mark, busyKind: 'block', interval, ...first });
    expect(await platform.readBack?.(calendar, markOf('another'))).to.deep.equal([]);
  });

  it('moves a block that it knows, and one that stands from before under the same mark', async () => {
    const { calendar, platformWith, standing, rawText } = bench();
    const platform = platformWith();
    const known = await done(block(platform));
    const later = at('2026-11-24T16:00:00Z');
    const moved = await done(must(platform, 'block')({ calendar, mark, interval: later, known }));
    expect(moved.externalId).to.equal(known.externalId);
    expect(await rawText(nameOf(moved.externalId))).to.include('DTSTART:20261124T160000Z');
    // The same command again, with the revision of before: it has been done.
    expect(await done(must(platform, 'block')({ calendar, mark, interval: later, known }))).to.deep.equal(
      moved,
    );
    await done(block(platform));
    expect(await rawText(nameOf(moved.externalId))).to.include('DTSTART:20261124T140000Z');
    expect(await standing()).to.have.length(1);
  });

  it('does not overwrite or delete what somebody changed', async () => {
    const { calendar, platformWith, put, rawText } = bench();
    const platform = platformWith();
    const known = await done(block(platform));
    const name = nameOf(known.externalId);
    const changed = (await rawText(name)).replace('DTSTART:20261124T140000Z', 'DTSTART:20261124T141500Z');
    await put(name, changed);
    const other = at('2026-11-24T18:00:00Z');
    expect(await must(platform, 'block')({ calendar, mark, interval: other, known })).to.deep.equal({
      outcome: 'taken',
    });
    expect(await must(platform, 'unblock')({ calendar, mark, known })).to.deep.equal({
      outcome: 'taken',
    });
    expect(await rawText(name)).to.include('DTSTART:20261124T141500Z');
  });

  it('unblocks once; then it is gone', async () => {
    const { calendar, platformWith, standing } = bench();
    const platform = platformWith();
    const known = await done(block(platform));
    const unblocked = await must(platform, 'unblock')({ calendar, mark, known });
    expect(unblocked).to.deep.equal({
      outcome: 'done',
      externalId: null,
      revision: null,
      sequence: null,
    });
    expect(await standing()).to.deep.equal([]);
    expect(await must(platform, 'unblock')({ calendar, mark, known })).to.deep.equal({ outcome: 'gone' });
    expect(await must(platform, 'block')({ calendar, mark, interval, known })).to.deep.equal({
      outcome: 'gone',
    });
  });

  it('deletes nothing that is not ours when it knows no version, and no instance of a series', async () => {
    const { calendar, platformWith, put, standing } = bench();
    await put('theirs.ics', timed('theirs', '20261124T140000Z', '20261124T143000Z'));
    const platform = platformWith();
    const remove = (externalId: string) =>
      must(platform, 'unblock')({ calendar, mark, known: { externalId, revision: null } });
    expect(await remove(`${calendar}theirs.ics`)).to.deep.equal({ outcome: 'taken' });
    expect(await remove(`${calendar}theirs.ics#2026-11-24T14:00:00.000Z`)).to.deep.equal({
      outcome: 'taken',
    });
    expect(await remove(`${calendar}nothing.ics`)).to.deep.equal({ outcome: 'gone' });
    expect(await standing()).to.deep.equal(['theirs.ics']);
    const ours = await done(block(platform));
    expect((await remove(ours.externalId)).outcome).to.equal('done');
    expect(await standing()).to.deep.equal(['theirs.ics']);
  });

  it('takes a copy of our event, and one that was renamed, for what they are', async () => {
    const { server, calendar, platformWith, put, standing, rawText } = bench();
    const platform = platformWith();
    const known = await done(block(platform));
    const text = await rawText(nameOf(known.externalId));
    await put('copy.ics', text.replace(/UID:[^\r\n]*/, 'UID:copied-by-a-person'));
    const { rows } = await read(platform, calendar);
    expect(rows.find((row) => row.externalId.endsWith('copy.ics'))?.mark).to.equal(null);
    await server.raw('DELETE', known.externalId);
    await put('renamed.ics', text);
    const headers = { 'content-type': 'text/calendar; charset=utf-8' };
    const again = await server.raw('PUT', `${calendar}again.ics`, { headers, body: text });
    if (again.status === 201) {
      // DAViCal 1.1 keeps a UID as often as it is put: ours stands beside the renamed one, and takes the same time.
      await server.raw('DELETE', `${calendar}again.ics`);
      const anew = await done(block(platform));
      expect(anew.externalId).to.equal(known.externalId);
      expect(await standing()).to.deep.equal(['copy.ics', nameOf(anew.externalId), 'renamed.ics']);
      return;
    }
    // The UID stands elsewhere: Radicale answers 409, Xandikos 207 with the refusal inside.
    expect(await block(platform)).to.deep.equal({ outcome: 'taken' });
    expect(await standing()).to.deep.equal(['copy.ics', 'renamed.ics']);
  });

  it('is unsure when the answer to a write is lost, and finds by the mark that it landed', async () => {
    const { calendar, platformWith, standing } = bench();
    let lost = 0;
    const losing: AxiosAdapter = async (config) => {
      const answer = await network(config);
      if (config.method?.toUpperCase() !== 'PUT') return answer;
      lost += 1;
      throw new axios.AxiosError('connection reset', 'ECONNRESET');
    };
    expect(await faultOf(block(platformWith({ transport: losing })))).to.equal('unsure');
    expect(lost).to.equal(1);
    const platform = platformWith();
    const [back] = (await platform.readBack?.(calendar, mark)) ?? [];
    expect(back?.interval).to.deep.equal(interval);
    expect((await done(block(platform))).externalId).to.equal(back?.externalId);
    expect(await standing()).to.have.length(1);
  });

  describe('bookings', () => {
    const book = (platform: Platform, patient: PatientDetails | null = PATIENT) =>
      must(platform, 'book')({ calendar: bench().calendar, mark, interval, slot: null, patient, hold: null });

    it('books without a word of the patient unless told to, and cancels', async () => {
      const { calendar, platformWith, standing, rawText } = bench();
      const platform = platformWith();
      const known = await done(book(platform));
      expect(await done(book(platform))).to.deep.equal(known);
      const text = await rawText(nameOf(known.externalId));
      for (const value of Object.values(PATIENT)) expect(text).not.to.include(value);
      expect((await read(platform, calendar)).rows[0]).to.include({ mark, busyKind: 'appointment' });
      expect((await must(platform, 'cancel')({ calendar, mark, known })).outcome).to.equal('done');
      expect(await standing()).to.deep.equal([]);
      const named = await done(book(platformWith({ settings: { patientInEvents: true } })));
      const withName = (await rawText(nameOf(named.externalId))).replaceAll('\\,', ',');
      expect(withName).to.include('Fictif-Tremblay, Zoé');
      expect(withName).not.to.include('514-555-0142').and.not.to.include('FICZ');
    });

    const taken: [what: string, body: string][] = [
      ['an event', timed('x', '20261124T142900Z', '20261124T150000Z')],
      ['an instance of a series', timed('x', '20261103T133000Z', '20261103T141500Z', 'RRULE:FREQ=WEEKLY')],
      ['a whole day', ics('x', 'DTSTART;VALUE=DATE:20261124')],
      ['a floating time', ics('x', 'DTSTART:20261124T090000', 'DTEND:20261124T091500')],
    ];
    for (const [what, body] of taken) {
      it(`answers taken, and leaves nothing behind, where ${what} takes the time`, async () => {
        const { platformWith, put, standing } = bench();
        await put('theirs.ics', body);
        expect(await book(platformWith())).to.deep.equal({ outcome: 'taken' });
        expect(await standing()).to.deep.equal(['theirs.ics']);
      });
    }

    it('books right beside other events, and over what takes no time', async () => {
      const { platformWith, put, standing } = bench();
      await put('before.ics', timed('before', '20261124T133000Z', '20261124T140000Z'));
      await put('after.ics', timed('after', '20261124T143000Z', '20261124T150000Z'));
      await put('free.ics', timed('free', '20261124T140000Z', '20261124T143000Z', 'TRANSP:TRANSPARENT'));
      await done(book(platformWith()));
      expect(await standing()).to.have.length(4);
    });

    it('takes its own back when another event came while it wrote', async () => {
      const { platformWith, put, standing } = bench();
      const racing: AxiosAdapter = async (config) => {
        if (config.method?.toUpperCase() === 'PUT') {
          await put('first.ics', timed('first', '20261124T141000Z', '20261124T144000Z'));
        }
        return network(config);
      };
      expect(await book(platformWith({ transport: racing }))).to.deep.equal({ outcome: 'taken' });
      expect(await standing()).to.deep.equal(['first.ics']);
    });

    it('never takes back a booking that stood before another event was put over it', async () => {
      const { platformWith, put, standing } = bench();
      const platform = platformWith();
      const known = await done(book(platform));
      await put('over.ics', timed('over', '20261124T141000Z', '20261124T144000Z'));
      expect((await done(book(platform))).externalId).to.equal(known.externalId);
      expect(await standing()).to.have.length(2);
    });

    it('is unsure, never "unavailable", when it cannot look again after it has written', async () => {
      const { platformWith } = bench();
      let written = false;
      const failing: AxiosAdapter = async (config) => {
        if (written) throw new axios.AxiosError('refused', 'ECONNREFUSED');
        written = config.method?.toUpperCase() === 'PUT';
        return network(config);
      };
      expect(await faultOf(book(platformWith({ transport: failing })))).to.equal('unsure');
    });
  });
});
