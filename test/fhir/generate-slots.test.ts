import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import type { Parameters, ParametersParameter } from 'fhir/r4.js';
import { EXTENSION, SYSTEM } from '../../mappings/fhir/canonical.ts';
import { formatInstant, instant } from '../../src/domain/instant.ts';
import { type PresentSlot, renew } from '../../src/domain/renewal.ts';
import { UNKNOWN_ATTRIBUTES } from '../../src/domain/slot.ts';
import type { OperationParameter } from '../../src/fhir/operation.ts';
import { generated } from '../../src/fhir/operations/generate-slots/answer.ts';
import { type Generation, generationIn } from '../../src/fhir/operations/generate-slots/input.ts';
import { GENERATE_SLOTS } from '../../src/fhir/operations/generate-slots/parameters.ts';
import { readRule } from '../../src/fhir/operations/generate-slots/rule.ts';
import { Refused } from '../../src/fhir/outcomes.ts';
import { ATTRIBUTES } from '../support/fake-ports.ts';
import { faultsOf } from '../support/fhir-validity.ts';
import { SERVED_SLOT } from '../support/r4-samples.ts';
import { readable, ZONE } from '../support/week.ts';

const OF = { schedule: { locationId: 'verdun', serviceId: 'visite' }, zone: ZONE };

type Entry = ParametersParameter;
const START: Entry = { name: 'start', valueDate: '2026-11-23' };
const END: Entry = { name: 'end', valueDate: '2026-11-29' };
const MONDAYS: Entry = { name: 'weekday', valueCode: 'mon' };
const FROM: Entry = { name: 'from', valueTime: '09:00:00' };
const TO: Entry = { name: 'to', valueTime: '10:00:00' };
const HALF_HOUR: Entry = { name: 'duration', valuePositiveInt: 30 };
const template = (...part: Entry[]): Entry => ({ name: 'template', part });
const exception = (...part: Entry[]): Entry => ({ name: 'exception', part });
const USUAL = template(MONDAYS, FROM, TO, HALF_HOUR);
const rrule = (valueString: string): Entry => ({ name: 'rrule', valueString });
const on = (...parameter: unknown[]) => ({ resourceType: 'Parameters', parameter });

const read = (...parameter: unknown[]): Generation => generationIn(on(...parameter), OF);
const starts = (...parameter: unknown[]): string[] => read(...parameter).offering.slots.map(readable);
const faults = (body: unknown): string[] => {
  try {
    generationIn(body, OF);
  } catch (error) {
    if (error instanceof Refused)
      return error.issues.map(({ code, expression }) => `${code ?? '-'} ${expression}`);
    throw error;
  }
  throw new Error('it was not refused');
};

describe('fhir: what $generate-slots is called with', () => {
  it('is the days, both included, in the zone of the place, and a template', () => {
    const body = on(START, END, USUAL);
    expect(faultsOf(body)).to.deep.equal([]);
    const { mode, period, offering } = generationIn(body, OF);
    expect(mode).to.equal('add');
    expect([period.start, period.end].map(formatInstant)).to.deep.equal([
      '2026-11-23T05:00:00.000Z',
      '2026-11-30T05:00:00.000Z',
    ]);
    expect(offering.slots.map(readable)).to.deep.equal([
      '2026-11-23 09:00 = 14:00Z',
      '2026-11-23 09:30 = 14:30Z',
    ]);
    expect(offering.slots[0]?.attributes).to.deep.equal(UNKNOWN_ATTRIBUTES);
    expect(read(START, END, USUAL, { name: 'mode', valueCode: 'replace' }).mode).to.equal('replace');
  });

  it('is a rule, counted from start or from a day of its own', () => {
    const within = [START, { name: 'end', valueDate: '2026-12-31' }];
    const of = (...more: Entry[]) =>
      starts(
        ...within,
        template(rrule('FREQ=WEEKLY;INTERVAL=2;BYDAY=WE'), ...more, FROM, TO, {
          ...HALF_HOUR,
          valuePositiveInt: 60,
        }),
      ).map((text) => text.slice(5, 10));
    expect(of()).to.deep.equal(['11-25', '12-09', '12-23']);
    expect(of({ name: 'dtstart', valueDate: '2026-11-18' })).to.deep.equal(['12-02', '12-16', '12-30']);
  });

  it('ends a day at midnight where to is 00:00:00, and has breaks', () => {
    const late: Entry[] = [
      { name: 'from', valueTime: '22:00:00' },
      { name: 'to', valueTime: '00:00:00' },
    ];
    expect(
      starts(START, END, template(MONDAYS, ...late, HALF_HOUR, { name: 'break', valueUnsignedInt: 15 })),
    ).to.deep.equal(['2026-11-23 22:00 = 03:00Z', '2026-11-23 22:45 = 03:45Z', '2026-11-23 23:30 = 04:30Z']);
  });

  it('says what each slot says by a Slot as it is read here, or by a part of one', () => {
    const of = (slot: object) =>
      read(START, END, template(MONDAYS, FROM, TO, HALF_HOUR, { name: 'slot', resource: slot } as Entry))
        .offering.slots[0]?.attributes;
    expect(of(SERVED_SLOT)).to.deep.equal(ATTRIBUTES);
    const extension = [{ url: EXTENSION.mode, valueCode: 'phone' }];
    const appointmentType = { coding: [{ system: SYSTEM.reason, code: 'urgent' }] };
    expect(of({ resourceType: 'Slot', extension, appointmentType })).to.deep.equal({
      ...UNKNOWN_ATTRIBUTES,
      mode: 'phone',
      reasons: ['urgent'],
    });
  });

  it('leaves out public holidays, unless it says to keep them, and the one of Easter that is chosen', () => {
    const of = (start: string, end: string, ...more: Entry[]) =>
      starts(
        { name: 'start', valueDate: start },
        { name: 'end', valueDate: end },
        ...more,
        template(rrule('FREQ=DAILY'), FROM, TO, { ...HALF_HOUR, valuePositiveInt: 60 }),
      ).map((text) => text.slice(5, 10));
    expect(of('2026-12-24', '2026-12-26')).to.deep.equal(['12-24', '12-26']);
    expect(of('2026-12-24', '2026-12-26', { name: 'holidays', valueCode: 'keep' })).to.have.length(3);
    expect(of('2027-03-26', '2027-03-29')).to.deep.equal(['03-27', '03-28', '03-29']);
    const monday: Entry = { name: 'easter', valueCode: 'easter-monday' };
    expect(of('2027-03-26', '2027-03-29', monday)).to.deep.equal(['03-26', '03-27', '03-28']);
  });

  it('leaves out closed days and periods, a last day with all of it, and cuts days to their own hours', () => {
    const hourly = template(
      rrule('FREQ=DAILY'),
      FROM,
      { ...TO, valueTime: '12:00:00' },
      { ...HALF_HOUR, valuePositiveInt: 60 },
    );
    const of = (...exceptions: Entry[]) =>
      starts(START, { ...END, valueDate: '2026-11-25' }, hourly, ...exceptions).map((text) =>
        text.slice(8, 13),
      );
    const day = (valueDate: string, ...more: Entry[]) => exception({ name: 'date', valueDate }, ...more);
    const time = (start: string, end: string) => exception({ name: 'period', valuePeriod: { start, end } });
    expect(of()).to.have.length(9);
    expect(of(day('2026-11-23'), day('2026-11-24'), day('2030-01-01'))).to.deep.equal([
      '25 09',
      '25 10',
      '25 11',
    ]);
    expect(of(time('2026-11-23', '2026-11-24'))).to.deep.equal(['25 09', '25 10', '25 11']);
    expect(of(time('2026-11-23T10:30:00-05:00', '2026-11-25T15:00:00Z'))).to.deep.equal([
      '23 09',
      '25 10',
      '25 11',
    ]);
    const hours = (from: string, to: string): Entry[] => [
      { name: 'from', valueTime: from },
      { name: 'to', valueTime: to },
    ];
    expect(
      of(
        day('2026-11-23', ...hours('09:00:00', '10:00:00')),
        day('2026-11-23', ...hours('10:30:00', '12:00:00')),
        time('2026-11-24', '2026-11-25'),
      ),
    ).to.deep.equal(['23 09', '23 11']);
  });

  const wrongPart = (...part: unknown[]) => on(START, END, { name: 'template', part });
  const T = 'Parameters.parameter[2]';
  const rows: Record<string, [body: unknown, faults: string[]]> = {
    'no Parameters': [{ resourceType: 'Slot' }, ['- Parameters']],
    nothing: [
      undefined,
      ['start', 'end', 'template'].map((name) => `required Parameters.parameter.where(name='${name}')`),
    ],
    'a parameter that is not known': [on(START, END, USUAL, { name: 'week' }), ['- Parameters.parameter[3]']],
    'a part that is not known': [
      wrongPart(MONDAYS, FROM, TO, HALF_HOUR, { name: 'room' }),
      [`- ${T}.part[4]`],
    ],
    'parts of another type': [
      wrongPart(MONDAYS, { name: 'from', valueString: '09:00:00' }, TO, {
        name: 'duration',
        valueInteger: 30,
      }),
      [`- ${T}.part[1]`, `- ${T}.part[3]`],
    ],
    'a template of no parts': [on(START, END, { name: 'template', valueString: 'x' }), [`- ${T}`]],
    'a template without hours': [
      wrongPart(MONDAYS, HALF_HOUR),
      ['from', 'to'].map((name) => `required ${T}.part.where(name='${name}')`),
    ],
    'a value where parts are, and one twice': [
      wrongPart(MONDAYS, FROM, FROM, TO, HALF_HOUR, 7, null),
      [`- ${T}.part[5]`, `- ${T}.part[6]`, `- ${T}.part.where(name='from')`],
    ],
    'days that do not exist': [
      on({ ...START, valueDate: '2026-02-30' }, { ...END, valueDate: '2026' }, USUAL),
      ['value Parameters.parameter[0].value', 'value Parameters.parameter[1].value'],
    ],
    'days of another age': [
      on({ ...START, valueDate: '0026-11-23' }, { ...END, valueDate: '9999-12-31' }, USUAL),
      ['value Parameters.parameter[0].value', 'value Parameters.parameter[1].value'],
    ],
    'an end before the start': [
      on(START, { ...END, valueDate: '2026-11-22' }, USUAL),
      ['value Parameters.parameter[1].value'],
    ],
    '367 days': [
      on(START, { ...END, valueDate: '2027-11-24' }, USUAL),
      ['too-costly Parameters.parameter[1].value'],
    ],
    'modes that there are not': [
      on(START, END, USUAL, { name: 'mode', valueCode: 'merge' }, { name: 'holidays', valueCode: 'no' }),
      ['value Parameters.parameter[3].value', 'value Parameters.parameter[4].value'],
    ],
    'neither weekday nor rrule': [wrongPart(FROM, TO, HALF_HOUR), [`required ${T}`]],
    'both of them': [wrongPart(MONDAYS, rrule('FREQ=DAILY'), FROM, TO, HALF_HOUR), [`required ${T}`]],
    'a weekday in French': [
      wrongPart({ name: 'weekday', valueCode: 'lun' }, FROM, TO, HALF_HOUR),
      [`value ${T}.part[0].value`],
    ],
    'a rule of hours': [wrongPart(FROM, TO, HALF_HOUR, rrule('FREQ=HOURLY')), [`value ${T}.part[3].value`]],
    'dtstart without a rule': [
      wrongPart(MONDAYS, { name: 'dtstart', valueDate: '2026-11-16' }, FROM, TO, HALF_HOUR),
      [`value ${T}.part[1].value`],
    ],
    'dtstart of long ago': [
      wrongPart(rrule('FREQ=DAILY'), { name: 'dtstart', valueDate: '2023-11-16' }, FROM, TO, HALF_HOUR),
      [`value ${T}.part[1].value`],
    ],
    'times to the second, and of R4 that has no 24:00': [
      wrongPart(
        MONDAYS,
        { name: 'from', valueTime: '09:00:30' },
        { name: 'to', valueTime: '24:00:00' },
        HALF_HOUR,
      ),
      [`value ${T}.part[1].value`, `value ${T}.part[2].value`],
    ],
    'hours that end before they begin': [
      wrongPart(
        MONDAYS,
        { name: 'from', valueTime: '22:00:00' },
        { name: 'to', valueTime: '06:00:00' },
        HALF_HOUR,
      ),
      [`value ${T}.part[2].value`],
    ],
    'a slot of no length, and a break of a day': [
      wrongPart(
        MONDAYS,
        FROM,
        TO,
        { ...HALF_HOUR, valuePositiveInt: 0 },
        { name: 'break', valueUnsignedInt: 1_440 },
      ),
      [`value ${T}.part[3].value`, `value ${T}.part[4].value`],
    ],
    'a slot that is longer than the hours': [
      wrongPart(MONDAYS, FROM, TO, { ...HALF_HOUR, valuePositiveInt: 61 }),
      [`value ${T}.part[3].value`],
    ],
    'a slot of another type': [
      wrongPart(MONDAYS, FROM, TO, HALF_HOUR, { name: 'slot', resource: { resourceType: 'Schedule' } }),
      [`- ${T}.part[4]`],
    ],
    'a slot that says what the regulation does not have': [
      wrongPart(MONDAYS, FROM, TO, HALF_HOUR, {
        name: 'slot',
        resource: {
          resourceType: 'Slot',
          modifierExtension: [],
          extension: [{ url: EXTENSION.mode, valueCode: 'letter' }],
        },
      }),
      [`extension ${T}.part[4].resource.modifierExtension`, `value ${T}.part[4].resource.extension[0].value`],
    ],
    'a slot of another place': [
      wrongPart(MONDAYS, FROM, TO, HALF_HOUR, {
        name: 'slot',
        resource: {
          resourceType: 'Slot',
          extension: [{ url: EXTENSION.location, valueReference: { reference: 'Location/ailleurs' } }],
        },
      }),
      [`value ${T}.part[4].resource.extension`],
    ],
    'a slot of another service': [
      wrongPart(MONDAYS, FROM, TO, HALF_HOUR, {
        name: 'slot',
        resource: {
          resourceType: 'Slot',
          serviceType: [{ coding: [{ system: SYSTEM.service, code: 'autre' }] }],
        },
      }),
      [`value ${T}.part[4].resource.serviceType`],
    ],
    'an exception of nothing, and one of a day and a period': [
      on(
        START,
        END,
        USUAL,
        exception(),
        exception({ name: 'date', valueDate: '2026-11-23' }, { name: 'period', valuePeriod: {} }),
      ),
      ['required Parameters.parameter[3]', 'required Parameters.parameter[4]'],
    ],
    'hours with a beginning only': [
      on(START, END, USUAL, exception({ name: 'date', valueDate: '2026-11-23' }, FROM)),
      ['required Parameters.parameter[3]'],
    ],
    'a period with hours': [
      on(
        START,
        END,
        USUAL,
        exception({ name: 'period', valuePeriod: { start: '2026-11-23', end: '2026-11-23' } }, FROM, TO),
      ),
      ['value Parameters.parameter[3].part[1]', 'value Parameters.parameter[3].part[2]'],
    ],
    'periods that are open, without an offset, and the wrong way round': [
      on(
        START,
        END,
        USUAL,
        exception({ name: 'period', valuePeriod: { start: '2026-11-23' } }),
        exception({ name: 'period', valuePeriod: { start: '2026-11-23T09:00:00', end: '2026-11-24' } }),
        exception({ name: 'period', valuePeriod: { start: '2026-11-23', end: '2026-11' } }),
        exception({ name: 'period', valuePeriod: { start: '2026-11-24', end: '2026-11-23' } }),
      ),
      [
        'required Parameters.parameter[3].part[0].value.end',
        'value Parameters.parameter[4].part[0].value.start',
        'value Parameters.parameter[5].part[0].value.end',
        'invariant Parameters.parameter[6].part[0].value.end',
      ],
    ],
    'a day that is closed and has hours': [
      on(
        START,
        END,
        USUAL,
        exception({ name: 'date', valueDate: '2026-11-23' }),
        exception({ name: 'date', valueDate: '2026-11-23' }, FROM, TO),
      ),
      ['value Parameters.parameter[4].part[0].value'],
    ],
    'too many templates': [
      on(START, END, ...Array<Entry>(51).fill(USUAL)),
      ['value Parameters.parameter[52]'],
    ],
    'too many exceptions': [
      on(START, END, USUAL, ...Array<Entry>(401).fill(exception({ name: 'date', valueDate: '2026-11-23' }))),
      ['value Parameters.parameter[403]'],
    ],
    'more slots than can be': [
      on(
        START,
        { ...END, valueDate: '2027-11-23' },
        template(
          rrule('FREQ=DAILY'),
          { ...FROM, valueTime: '00:00:00' },
          { ...TO, valueTime: '00:00:00' },
          {
            ...HALF_HOUR,
            valuePositiveInt: 5,
          },
        ),
      ),
      ['too-costly Parameters.parameter'],
    ],
  };
  for (const [title, [body, expected]] of Object.entries(rows)) {
    it(`is refused: ${title}`, () => expect(faults(body)).to.deep.equal(expected));
  }

  it('is read or refused whatever it is, in both languages, and never takes long', () => {
    const names = GENERATE_SLOTS.parameters.flatMap((each) => [
      each.name,
      ...('parts' in each ? each.parts.map(({ name }) => name) : []),
    ]);
    const anyTexts = fc.constantFrom(
      '2026-11-23',
      '2026-12-25',
      '09:00:00',
      '00:00:00',
      'mon',
      'replace',
      'FREQ=DAILY',
      'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30',
      '',
    );
    const anyValue = fc.oneof(anyTexts, fc.integer({ min: -1, max: 500 }), fc.jsonValue());
    const keys = [
      'valueDate',
      'valueCode',
      'valueString',
      'valueTime',
      'valuePositiveInt',
      'valueUnsignedInt',
      'valuePeriod',
      'resource',
    ];
    const leaf = fc
      .tuple(fc.constantFrom(...names), fc.constantFrom(...keys), anyValue)
      .map(([name, key, value]) => ({ name, [key]: value }));
    const entry = fc
      .tuple(leaf, fc.oneof(fc.constant(undefined), fc.array(leaf, { maxLength: 6 }), fc.jsonValue()))
      .map(([each, part]) => (part === undefined ? each : { ...each, part }));
    const changed = fc
      .tuple(fc.array(entry, { maxLength: 2 }), fc.array(leaf, { maxLength: 2 }))
      .map(([top, parts]) => on(START, END, ...top, { ...USUAL, part: [...(USUAL.part ?? []), ...parts] }));
    fc.assert(
      fc.property(
        fc.oneof(
          fc.jsonValue(),
          fc.array(entry).map((list) => on(...list)),
          changed,
        ),
        (body) => {
          try {
            generationIn(body, OF);
          } catch (error) {
            if (!(error instanceof Refused)) throw error;
            expect(error.issues).to.not.be.empty;
            for (const { diagnostics } of error.issues) expect(diagnostics.fr).to.not.equal(diagnostics.en);
          }
        },
      ),
      { seed: 20_261_124, numRuns: 500 },
    );
  });
});

describe('fhir: the parameters of $generate-slots in docs/fhir.md', () => {
  const docs = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'fhir.md'), 'utf8');
  const section = docs.slice(docs.indexOf('### Schedule/$generate-slots')).split('\n## ')[0] ?? '';

  it('has every parameter, part and reason that there is', () => {
    const named = (parameters: readonly OperationParameter[]): string[] =>
      parameters.flatMap((each) => [each.name, ...('parts' in each ? named(each.parts) : [])]);
    for (const name of named(GENERATE_SLOTS.parameters)) expect(section).to.contain(`\`${name}\``);
    for (const reason of [
      'holiday',
      'closed',
      'clocks',
      'template',
      'past',
      'busy',
      'overlap',
      'wanted',
      'begun',
    ])
      expect(section).to.contain(`\`${reason}\``);
  });
});

describe('fhir: the text of a rule of days', () => {
  const good: Record<string, object> = {
    'FREQ=DAILY': { frequency: 'DAILY', interval: 1, count: null, until: null, weekStart: 0 },
    'RRULE:FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=MO,we': {
      frequency: 'WEEKLY',
      interval: 2,
      weekStart: 6,
      byDay: [
        { nth: null, day: 0 },
        { nth: null, day: 2 },
      ],
    },
    'FREQ=MONTHLY;BYDAY=1MO,-1FR;COUNT=5': {
      count: 5,
      byDay: [
        { nth: 1, day: 0 },
        { nth: -1, day: 4 },
      ],
    },
    'FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1': { bySetPosition: [-1] },
    'FREQ=YEARLY;BYMONTH=1,12;BYMONTHDAY=+1,-1;UNTIL=20291231': {
      byMonth: [1, 12],
      byMonthDay: [1, -1],
      until: { text: '2029-12-31', utc: false },
    },
    'FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO': { byWeekNumber: [20] },
    'FREQ=YEARLY;BYYEARDAY=1,-1': { byYearDay: [1, -1] },
  };
  for (const [text, expected] of Object.entries(good)) {
    it(`is ${text}`, () => {
      const reading = readRule(text);
      if (reading.outcome !== 'read') throw new Error(reading.message.en);
      expect(reading.rule).to.deep.include(expected);
    });
  }

  const bad: Record<string, RegExp> = {
    '': /NAME=value/,
    'INTERVAL=2': /FREQ: DAILY/,
    'FREQ=HOURLY': /of days/,
    'FREQ=FORTNIGHTLY': /FREQ: DAILY/,
    'FREQ=DAILY;FREQ=DAILY': /once/,
    'FREQ=DAILY;BYHOUR=9': /from and to/,
    'FREQ=DAILY;BYEASTER=0': /NAME=value/,
    'FREQ=DAILY;INTERVAL=0': /1 to/,
    'FREQ=DAILY;INTERVAL=1001': /1 to 1000/,
    'FREQ=DAILY;COUNT=1E3': /1 to/,
    'FREQ=DAILY;COUNT=2;UNTIL=20261231': /not both/,
    'FREQ=DAILY;UNTIL=20260230': /a date/,
    'FREQ=DAILY;UNTIL=00011231': /a date/,
    'FREQ=DAILY;UNTIL=20261231T235959Z': /a date/,
    'FREQ=WEEKLY;BYDAY=1MO': /does not go with/,
    'FREQ=WEEKLY;BYMONTHDAY=1': /does not go with/,
    'FREQ=MONTHLY;BYWEEKNO=1': /does not go with/,
    'FREQ=MONTHLY;BYYEARDAY=1': /does not go with/,
    'FREQ=YEARLY;BYWEEKNO=1;BYDAY=1MO': /does not go with/,
    'FREQ=MONTHLY;BYDAY=0MO': /MO, TU/,
    'FREQ=MONTHLY;BYDAY=54MO': /MO, TU/,
    'FREQ=MONTHLY;BYDAY=LU': /MO, TU/,
    'FREQ=MONTHLY;BYMONTHDAY=0': /1 to 31/,
    'FREQ=MONTHLY;BYMONTHDAY=32': /1 to 31/,
    'FREQ=YEARLY;BYMONTH=-1': /1 to 12/,
    'FREQ=DAILY;BYSETPOS=1': /chooses/,
    'FREQ=DAILY;WKST=XX': /WKST/,
    [`FREQ=DAILY;BYMONTH=${'1,'.repeat(300)}1`]: /500 characters/,
  };
  for (const [text, why] of Object.entries(bad)) {
    it(`is not ${text.slice(0, 40) || 'nothing'}`, () => {
      const reading = readRule(text);
      if (reading.outcome === 'read') throw new Error('it was read');
      expect(reading.message.en).to.match(why);
      expect(reading.message.fr).to.not.equal('');
    });
  }
});

describe('fhir: what $generate-slots answers', () => {
  const { offering, period } = read(
    { name: 'start', valueDate: '2026-12-24' },
    { name: 'end', valueDate: '2026-12-26' },
    template(rrule('FREQ=DAILY'), FROM, { ...TO, valueTime: '11:00:00' }, HALF_HOUR),
  );
  const has = (id: string, start: string, change: Partial<PresentSlot> = {}): PresentSlot => {
    const at = instant(Date.parse(start));
    const interval = { start: at, end: instant(at + 30 * 60_000) };
    return { id, interval, attributes: UNKNOWN_ATTRIBUTES, status: 'free', isTaken: false, ...change };
  };
  const renewal = renew({
    mode: 'replace',
    period,
    now: instant(Date.parse('2026-12-24T09:15:00-05:00')),
    wanted: offering.slots,
    present: [
      has('same', '2026-12-24T10:00:00-05:00'),
      has('booked', '2026-12-26T09:15:00-05:00', { status: 'busy', isTaken: true }),
      has('free', '2026-12-25T09:00:00-05:00'),
    ],
  });
  const answer: Parameters = generated(renewal, offering, 'fr');

  it('is how many, and why of what was not made', () => {
    expect(faultsOf(answer)).to.deep.equal([]);
    const shown = ({ name, part, ...value }: Entry): string =>
      `${name} ${part ? part.map((each) => Object.values(each)[1]).join(' ') : Object.values(value)[0]}`;
    expect((answer.parameter ?? []).map(shown)).to.deep.equal([
      'created 4',
      'removed 1',
      'kept wanted 1',
      'kept busy 1',
      'skipped 2026-12-24 past 1 Déjà passé',
      'skipped 2026-12-25 holiday 4 Noël',
      'skipped 2026-12-26 busy 2 Une plage prise, retenue ou bloquée a ce temps',
    ]);
  });

  it('has the other language beside the words', () => {
    const texts = JSON.stringify(generated(renewal, offering, 'en'));
    expect(texts).to.contain('"valueString":"Christmas Day"').and.to.contain('"valueString":"Noël"');
  });

  it('is what the table of the operation says', () => {
    const check = (list: readonly Entry[], table: readonly OperationParameter[]): void => {
      for (const { name, min, max } of table) {
        const count = list.filter((each) => each.name === name).length;
        expect(count, name)
          .to.be.at.least(min)
          .and.to.be.at.most(max === '*' ? Number.POSITIVE_INFINITY : max);
      }
      for (const each of list) {
        const parameter = table.find(({ name }) => name === each.name);
        if (!parameter) throw new Error(`${each.name} is not in the table`);
        if ('parts' in parameter) check(each.part ?? [], parameter.parts);
        else
          expect(each).to.have.property(
            `value${parameter.type.charAt(0).toUpperCase()}${parameter.type.slice(1)}`,
          );
      }
    };
    check(
      answer.parameter ?? [],
      GENERATE_SLOTS.parameters.filter(({ use }) => use === 'out'),
    );
  });
});
