import type { AxiosAdapter } from 'axios';
import { expect } from 'chai';
import type { Platform } from '../../src/adapter/contract.ts';
import { markOf } from '../../src/adapter/observation.ts';
import { at, ics, must, network, onEachServer, read, timed } from '../support/caldav-client.ts';

const TO = at('2026-11-24T16:00:00Z');
const THEIRS = timed(
  'theirs',
  '20261124T140000Z',
  '20261124T143000Z',
  'SEQUENCE:4',
  'LOCATION:Salle fictive 3\\, 2e étage',
  'X-CLINIC-ROOM;X-FLOOR=2:3',
  'ATTENDEE;PARTSTAT=ACCEPTED:mailto:dr.fictive@example.org',
  ...['BEGIN:VALARM', 'ACTION:DISPLAY', 'DESCRIPTION:Rappel', 'TRIGGER:-PT15M', 'END:VALARM'],
);

onEachServer('moving', (bench) => {
  const known = async (platform: Platform) => {
    const [row] = (await read(platform, bench().calendar)).rows.filter(({ kind }) => kind === 'busy');
    if (!row) throw new Error('nothing was read');
    return { externalId: row.externalId, revision: row.revision };
  };
  const move = async (platform: Platform, interval = TO) =>
    must(
      platform,
      'move',
    )({
      calendar: bench().calendar,
      mark: markOf('0b7c6b0e-0000-4000-8000-00000000000a'),
      known: await known(platform),
      interval,
      slot: null,
    });
  /** Lines as they mean, whatever the order in which the server keeps them. */
  const linesOf = (text: string): string[] =>
    text
      .replace(/\r?\n[ \t]/g, '')
      .split(/\r?\n/)
      .filter((line) => line !== '' && !/^(PRODID|DTSTAMP|LAST-MODIFIED|CREATED)/.test(line))
      .sort();

  it('changes the time and the sequence of an event of another client, and nothing else', async () => {
    const { platformWith, put, rawText, standing } = bench();
    await put('theirs.ics', THEIRS);
    expect((await move(platformWith())).outcome).to.equal('done');
    expect(await standing()).to.deep.equal(['theirs.ics']);
    const expected = THEIRS.replace('20261124T140000Z', '20261124T160000Z')
      .replace('20261124T143000Z', '20261124T163000Z')
      .replace('SEQUENCE:4', 'SEQUENCE:5');
    expect(linesOf(await rawText('theirs.ics'))).to.deep.equal(linesOf(expected));
  });

  it('ends by the new time what had a length and no end', async () => {
    const { calendar, platformWith, put, rawText } = bench();
    await put('theirs.ics', ics('theirs', 'DTSTART;TZID=America/Toronto:20261124T090000', 'DURATION:PT30M'));
    const platform = platformWith();
    expect((await move(platform)).outcome).to.equal('done');
    const text = await rawText('theirs.ics');
    expect(text).to.include('DTEND:20261124T163000Z').and.to.include('SEQUENCE:1');
    expect(text).not.to.include('DURATION');
    expect((await read(platform, calendar)).rows[0]?.interval).to.deep.equal(TO);
  });

  const unmoved: [what: string, body: string][] = [
    [
      'an instance of a series',
      timed('x', '20261124T140000Z', '20261124T143000Z', 'RRULE:FREQ=WEEKLY;COUNT=2'),
    ],
    ['a whole day', ics('x', 'DTSTART;VALUE=DATE:20261124')],
  ];
  for (const [what, body] of unmoved) {
    it(`answers taken of ${what}, and leaves it as it is`, async () => {
      const { platformWith, put, rawText } = bench();
      await put('theirs.ics', body);
      expect(await move(platformWith())).to.deep.equal({ outcome: 'taken' });
      expect(linesOf(await rawText('theirs.ics'))).to.deep.equal(linesOf(body));
    });
  }

  it('moves to a time that the event itself takes in part', async () => {
    const { platformWith, put } = bench();
    await put('theirs.ics', THEIRS);
    expect((await move(platformWith(), at('2026-11-24T14:15:00Z'))).outcome).to.equal('done');
  });

  it('puts the event back when another came to the new time while it wrote', async () => {
    const { platformWith, put, rawText } = bench();
    await put('theirs.ics', THEIRS);
    let raced = false;
    const racing: AxiosAdapter = async (config) => {
      if (config.method?.toUpperCase() === 'PUT' && !raced) {
        raced = true;
        await put('first.ics', timed('first', '20261124T161000Z', '20261124T164000Z'));
      }
      return network(config);
    };
    expect(await move(platformWith({ transport: racing }))).to.deep.equal({ outcome: 'taken' });
    expect(linesOf(await rawText('theirs.ics'))).to.deep.equal(linesOf(THEIRS));
  });
});
