import { expect } from 'chai';
import { messageOf } from '../../adapters/hl7v2-siu/bench/emr.ts';
import { messagesIn, Unreadable } from '../../adapters/hl7v2-siu/message.ts';
import { normalize, type Resource } from '../../adapters/hl7v2-siu/normalize.ts';
import { readDuration, readTime } from '../../adapters/hl7v2-siu/time.ts';
import { Frames, FramingError, framed } from '../../src/adapter/mllp/frames.ts';
import { formatInstant, instant, MINUTE, parseInstant, plus } from '../../src/domain/instant.ts';
import { published } from '../fuzz/targets/samples.ts';
import { requireServer } from '../support/servers.ts';

const ZONE = 'America/Toronto';

/** A booking of one person, with what is given in place of the usual. */
const siu = ({
  event = 'S12',
  header = '|P|2.5.1',
  schedule = 'SCH|P1|F1',
  timing = '',
  resources = ['AIP|1|A|dr-tremblay|||202611240920|||20|min'],
}: Partial<
  Record<'event' | 'header' | 'schedule' | 'timing', string> & { resources: readonly string[] }
> = {}): string =>
  [
    `MSH|^~\\&|DME|||PASSERELLE|20261123080000-0500||SIU^${event}^SIU_S13|M1${header}`,
    schedule,
    timing,
    'PID|1||99999^^^DME||FICTIVE^Hélène',
    'RGS|1|A',
    ...resources,
  ].join('\r');

function read(text: string, resources: readonly Resource[] = ['AIP'], bytes = Buffer.from(text)) {
  const [message] = messagesIn(bytes, 'UNICODE UTF-8');
  if (!message) throw new Error('no message');
  return normalize(message, { resources, zoneOf: (calendar) => (calendar === 'stranger' ? null : ZONE) });
}

const timesOf = (text: string, resources?: readonly Resource[]) =>
  read(text, resources).rows.map(({ interval: { start, end } }) => [
    formatInstant(start),
    formatInstant(end),
  ]);

const TWENTY = [['2026-11-24T14:20:00.000Z', '2026-11-24T14:40:00.000Z']];

describe('SIU messages', () => {
  it('are read in the zone of the calendar where a time has none, whatever the offset of MSH-7', () => {
    expect(timesOf(siu())).to.deep.equal(TWENTY);
    expect(timesOf(siu({ resources: ['AIP|1|A|dr-tremblay|||202607140920|||20|min'] }))).to.deep.equal([
      ['2026-07-14T13:20:00.000Z', '2026-07-14T13:40:00.000Z'],
    ]);
  });

  it('keep an odd offset', () => {
    expect(readTime('20210924093000+0215', ZONE)).to.equal(parseInstant('2021-09-24T07:15:00Z'));
    for (const text of [
      '',
      '2026',
      '20261124',
      '202613240920',
      '202611242520',
      '20261124092',
      'x'.repeat(50),
    ])
      expect(readTime(text, ZONE), text).to.equal(null);
  });

  it('have no duration in a unit that is unknown, or that gives less than a minute', () => {
    expect(readDuration('20', 'MIN')).to.equal(20 * MINUTE);
    expect(readDuration('1200', 's')).to.equal(20 * MINUTE);
    for (const [amount, unit] of [
      ['20', 's'],
      ['20', 'fortnight'],
      ['20', 'constructor'],
      ['-20', 'min'],
      ['', 'min'],
    ] as const)
      expect(readDuration(amount, unit), `${amount} ${unit}`).to.equal(null);
  });

  it('take the time of the person before TQ1 and SCH-11, and say which contradict it', () => {
    const { rows, rejected } = read(
      siu({
        schedule: 'SCH|P1|F1|||||||60|s|^^^20261201093000-0500^20261201094000-0500',
        timing: 'TQ1|1||||||20261124092000-0500|20261124094000-0500',
      }),
    );
    expect(rows.map(({ interval }) => formatInstant(interval.start))).to.deep.equal([TWENTY[0]?.[0]]);
    expect(rejected.map(({ externalId, reason }) => [externalId, reason])).to.deep.equal([
      ['F1', 'SCH: another start than AIP, which was used'],
    ]);
  });

  it('take the end of TQ1 where the duration is in the wrong unit, and the duration of SCH where nothing else has one', () => {
    const resources = ['AIP|1|A|dr-tremblay|||202611240920|||20|s'];
    expect(
      timesOf(siu({ resources, timing: 'TQ1|1||||||20261124092000-0500|20261124094000-0500' })),
    ).to.deep.equal(TWENTY);
    expect(timesOf(siu({ resources, schedule: 'SCH|P1|F1|||||||20|min' }))).to.deep.equal(TWENTY);
    const without = read(siu({ resources }));
    expect(without.rows).to.deep.equal([]);
    expect(without.rejected.map(({ reason }) => reason)).to.deep.equal([
      'AIP: no source gives a start and an end',
    ]);
  });

  it('take no end for that of an appointment that would last for days', () => {
    const resources = ['AIP|1|A|dr-tremblay|||202611240920|||60|h'];
    expect(timesOf(siu({ resources }))).to.deep.equal([]);
    expect(timesOf(siu({ event: 'S23', resources }))).to.have.length(1);
  });

  it('mean what their trigger event says, whatever SCH-6 and the structure', () => {
    const { rows, removed } = read(siu({ event: 'S15', schedule: 'SCH|P1|F1||||Add' }));
    expect(rows).to.deep.equal([]);
    expect(removed.map(({ externalId }) => externalId)).to.deep.equal(['F1']);
    expect(read(siu({ event: 'S26' })).rows).to.have.length(1);
    expect(read(siu({ event: 'S23' })).rows[0]).to.include({ busyKind: 'block' });
  });

  it('name each calendar of this connection, and nobody else', () => {
    const time = '|||202611240920|||20|min';
    const resources = [
      `AIP|1|A|stranger${time}`,
      `AIP|2|A|one${time}`,
      `AIP|3|A|two${time}`,
      `AIP|4|D|old${time}`,
    ];
    const { rows } = read(siu({ resources }));
    expect(rows.map(({ externalId, calendar }) => [externalId, calendar])).to.deep.equal([
      ['F1', 'one'],
      ['F1#two', 'two'],
    ]);
    const ended = read(siu({ event: 'S15', resources }));
    expect(ended.removed.map(({ externalId }) => externalId)).to.have.members(['F1', 'F1#one', 'F1#two']);
  });

  it('know ours by the placer’s id, and every other by the filler’s', () => {
    const uuid = '00000000-0000-4000-8000-000000000001';
    const [ours] = read(siu({ schedule: `SCH|${uuid}^PASSERELLE|F9` })).rows;
    expect(ours).to.include({ externalId: `passerelle:${uuid}`, mark: `passerelle:${uuid}` });
    expect(read(siu({ schedule: 'SCH|not-a-uuid^PASSERELLE|F9' })).rows[0]).to.include({
      externalId: 'F9',
      mark: null,
    });
    expect(read(siu({ schedule: 'SCH|P1|' })).rows[0]).to.include({ externalId: 'placer:P1' });
  });

  it('say nothing of the patient', () => {
    for (const event of ['S12', 'S15']) {
      const { rows, removed, rejected } = read(siu({ event }));
      expect(JSON.stringify([rows, removed, rejected])).not.to.match(/FICTIVE|99999/);
    }
  });

  it('are read in the character set that they name', () => {
    const accented = siu({
      header: '|P|2.5.1||||||8859/1',
      resources: ['AIP|1|A|dre-lévesque|||202611240920|||20|min'],
    });
    const calendars = read('', ['AIP'], Buffer.from(accented, 'latin1')).rows.map(({ calendar }) => calendar);
    expect(calendars).to.deep.equal(['dre-lévesque']);
    const undeclared = siu({ resources: ['AIP|1|A|dre-lévesque|||202611240920|||20|min'] });
    expect(() => messagesIn(Buffer.from(undeclared, 'latin1'), 'UNICODE UTF-8')).to.throw(
      Unreadable,
      /MSH-18/,
    );
  });

  it('have their escape sequences undone, in the separators that they name', () => {
    const text = siu()
      .replaceAll('|', '#')
      .replaceAll('^', '!')
      .replace('dr-tremblay', 'a\\F\\b\\S\\\\T\\\\R\\\\E\\\\X41\\');
    const [row] = read(text.replace('#!~\\&#', '#!~\\&#')).rows;
    expect(row?.calendar).to.equal('a#b!&~\\A');
  });

  it('come in batches', () => {
    const batch = ['FHS|^~\\&', 'BHS|^~\\&', siu(), siu({ event: 'S15' }), 'BTS|2', 'FTS|1'].join('\r\n');
    expect(
      messagesIn(Buffer.from(batch), 'UNICODE UTF-8').map(({ header }) => header.get(9, 2)),
    ).to.deep.equal(['S12', 'S15']);
  });

  describe('as others publish them', () => {
    before(requireServer('../shared/fixtures/hl7v2', published('hl7v2', '.hl7').length > 0));
    it('are read', () => {
      const samples = published('hl7v2', '.hl7');
      const [first = '', second = ''] = samples;
      expect(timesOf(first)).to.deep.equal([['2021-09-24T07:15:00.000Z', '2021-09-24T08:05:00.000Z']]);
      expect(read(first).rejected.map(({ reason }) => reason)).to.deep.equal([
        'SCH: another start than AIP, which was used',
      ]);
      // Its three persons have no times of their own.
      const rows = read(second).rows.map(({ calendar, interval }) => [
        calendar,
        formatInstant(interval.start),
      ]);
      const start = '2021-08-18T09:15:00.000Z';
      expect(rows).to.deep.equal([
        ['400', start],
        ['500', start],
        ['600', start],
      ]);
    });
  });

  it('of the bench are such', () => {
    const start = instant(Date.parse('2026-11-24T14:20:00Z'));
    const made = messageOf('S12', {
      kind: 'reservation',
      id: 'reservation-1',
      ordinal: 1,
      calendar: 'dr-tremblay',
      interval: { start, end: plus(start, 20 * MINUTE) },
      reference: null,
      version: 1,
      changedAt: start,
      slotId: null,
      expiresAt: null,
    });
    expect(timesOf(made)).to.deep.equal(TWENTY);
  });
});

describe('MLLP frames', () => {
  const messages = ['MSH|é', '', 'x'.repeat(500)].map((text) => Buffer.from(text));
  const stream = Buffer.concat(messages.map(framed));

  it('are the same however the stream was cut', () => {
    for (const size of [1, 2, 3, 7, 100, stream.length]) {
      const frames = new Frames(1_000);
      const found: Buffer[] = [];
      for (let at = 0; at < stream.length; at += size)
        found.push(...frames.push(stream.subarray(at, at + size)));
      expect(found, `pieces of ${size}`).to.deep.equal(messages);
      expect(frames.isOpen).to.equal(false);
    }
  });

  it('are refused when they are too long, with how they began', () => {
    const frames = new Frames(100);
    try {
      frames.push(framed(Buffer.from(`MSH${'x'.repeat(200)}`)));
    } catch (error) {
      expect(error).to.be.instanceOf(FramingError);
      expect((error as FramingError).begun.toString()).to.match(/^MSHx/);
      return;
    }
    throw new Error('it was taken');
  });

  it('have nothing between them, and end with FS CR', () => {
    expect(() => new Frames(100).push(Buffer.from('GET /'))).to.throw(FramingError, /outside/);
    expect(() => new Frames(100).push(Buffer.from('\x0bMSH\x1cX'))).to.throw(FramingError, /CR/);
    expect(new Frames(100).push(Buffer.from('\r\n\x0bMSH\x1c\r\r\n'))).to.have.length(1);
  });
});
