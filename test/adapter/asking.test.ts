import { expect } from 'chai';
import { dueAt } from '../../src/adapter/asking/deadline.ts';
import { listedId, listedInterval } from '../../src/adapter/asking/ids.ts';
import { observationsOf } from '../../src/adapter/asking/listed.ts';
import { askingOperations } from '../../src/adapter/asking/operations.ts';
import { type Deed, taskFor } from '../../src/adapter/asking/wording.ts';
import { type ListedTime, TASK_CHARACTERS_MAX } from '../../src/adapter/contract.ts';
import { markOf } from '../../src/adapter/observation.ts';
import { HOUR, type Instant, MINUTE, parseInstant, plus } from '../../src/domain/instant.ts';
import { type Interval, interval } from '../../src/domain/interval.ts';
import { ELIGIBILITIES, REASONS, REORIENTATIONS, UNKNOWN_ATTRIBUTES } from '../../src/domain/slot.ts';
import { systemEnvironment } from '../../src/system/environment.ts';

const PLACE = { calendar: 'Dre Tremblay', platform: 'RVSQ', zone: 'America/Toronto' };
const NOW = parseInstant('2026-11-24T08:00:00-05:00');
const time = (start: string, end: string): Interval => interval(parseInstant(start), parseInstant(end));
const NINE_TWENTY = time('2026-11-24T09:20:00-05:00', '2026-11-24T09:40:00-05:00');
const TEN = time('2026-11-24T10:00:00-05:00', '2026-11-24T10:20:00-05:00');

describe('what a person is asked', () => {
  const saying: readonly (readonly [deed: Deed, fr: string, en: string])[] = [
    [
      { do: 'close', time: NINE_TWENTY, instead: null },
      'Fermer mardi 24 novembre 2026, de 9 h 20 à 9 h 40 — Dre Tremblay, RVSQ',
      'Close Tuesday 24 November 2026, 09:20 to 09:40 — Dre Tremblay, RVSQ',
    ],
    [
      { do: 'close', time: NINE_TWENTY, instead: TEN },
      'Fermer mardi 24 novembre 2026, de 9 h 20 à 9 h 40 — Dre Tremblay, RVSQ, au lieu de mardi 24 novembre 2026, de 10 h 00 à 10 h 20',
      'Close Tuesday 24 November 2026, 09:20 to 09:40 — Dre Tremblay, RVSQ, instead of Tuesday 24 November 2026, 10:00 to 10:20',
    ],
    [
      { do: 'reopen', times: [NINE_TWENTY, TEN] },
      'Rouvrir : mardi 24 novembre 2026, de 9 h 20 à 9 h 40 et mardi 24 novembre 2026, de 10 h 00 à 10 h 20 — Dre Tremblay, RVSQ',
      'Reopen: Tuesday 24 November 2026, 09:20 to 09:40 and Tuesday 24 November 2026, 10:00 to 10:20 — Dre Tremblay, RVSQ',
    ],
    [
      { do: 'withdraw', times: [TEN] },
      'Retirer la plage offerte : mardi 24 novembre 2026, de 10 h 00 à 10 h 20 — Dre Tremblay, RVSQ',
      'Take off the offer: Tuesday 24 November 2026, 10:00 to 10:20 — Dre Tremblay, RVSQ',
    ],
    [
      { do: 'cancel', times: [TEN] },
      'Annuler le rendez-vous et prévenir la personne : mardi 24 novembre 2026, de 10 h 00 à 10 h 20 — Dre Tremblay, RVSQ',
      'Cancel the appointment and tell who comes: Tuesday 24 November 2026, 10:00 to 10:20 — Dre Tremblay, RVSQ',
    ],
    [
      {
        do: 'offer',
        time: TEN,
        instead: null,
        isChange: false,
        attributes: { ...UNKNOWN_ATTRIBUTES, reasons: ['urgent'], mode: 'phone' },
      },
      'Offrir la plage mardi 24 novembre 2026, de 10 h 00 à 10 h 20 — Dre Tremblay, RVSQ : Besoin urgent; Par téléphone',
      'Offer the slot Tuesday 24 November 2026, 10:00 to 10:20 — Dre Tremblay, RVSQ: Urgent need; By phone',
    ],
    [
      { do: 'close', time: time('2026-11-24T23:50:00-05:00', '2026-11-25T00:10:00-05:00'), instead: null },
      'Fermer mardi 24 novembre 2026, de 23 h 50 à mercredi 25 novembre 2026, 0 h 10 — Dre Tremblay, RVSQ',
      'Close Tuesday 24 November 2026, 23:50 to Wednesday 25 November 2026, 00:10 — Dre Tremblay, RVSQ',
    ],
  ];
  for (const [deed, fr, en] of saying) {
    it(`to ${en}`, () => expect(taskFor(deed, PLACE)).to.deep.equal({ fr, en }));
  }

  it('which of the two hours, in the night in which the clocks go back', () => {
    const first = time('2026-11-01T01:20:00-04:00', '2026-11-01T01:40:00-04:00');
    const second = time('2026-11-01T01:20:00-05:00', '2026-11-01T01:40:00-05:00');
    const say = (when: Interval) => taskFor({ do: 'close', time: when, instead: null }, PLACE);
    expect(say(first).en).to.include('01:20 (UTC-04:00) to 01:40 (UTC-04:00)');
    expect(say(second).fr).to.include('de 1 h 20 (UTC-05:00) à 1 h 40 (UTC-05:00)');
  });

  it('in no more characters than a task may have, whatever is offered and however many times it names', () => {
    const attributes = {
      ...UNKNOWN_ATTRIBUTES,
      eligibility: ELIGIBILITIES,
      reasons: REASONS,
      reorientation: REORIENTATIONS,
      mode: 'in-person' as const,
    };
    const long = { ...PLACE, calendar: 'x'.repeat(100), platform: 'y'.repeat(100) };
    const times = Array.from({ length: 40 }, (_, n) =>
      interval(plus(NOW, n * HOUR), plus(NOW, n * HOUR + MINUTE)),
    );
    for (const deed of [
      { do: 'offer', time: TEN, instead: NINE_TWENTY, isChange: true, attributes },
      { do: 'reopen', times: times.slice(0, 6) },
      { do: 'reopen', times },
    ] satisfies Deed[]) {
      const { fr, en } = taskFor(deed, long);
      expect(fr.length).to.be.at.most(TASK_CHARACTERS_MAX);
      expect(en.length).to.be.at.most(TASK_CHARACTERS_MAX);
    }
  });

  it('until some minutes later, before the time begins, and never in the past', () => {
    const starting = (minutes: number) => ({ start: plus(NOW, minutes * MINUTE) });
    const minutes = (at: Instant): number => (at - NOW) / MINUTE;
    expect(minutes(dueAt(NOW, 15 * MINUTE, starting(60)))).to.equal(15);
    expect(minutes(dueAt(NOW, 15 * MINUTE, starting(10)))).to.equal(10);
    expect(minutes(dueAt(NOW, 15 * MINUTE, starting(-10)))).to.equal(0);
  });

  it('and nothing is asked but that: how soon is a matter of what', async () => {
    const settings = {
      title: 'RVSQ',
      names: { c1: 'Dre Tremblay' },
      closeWithinMinutes: 15,
      openWithinMinutes: 120,
    };
    const clock = { ...systemEnvironment.clock, now: () => NOW };
    const environment = { ...systemEnvironment, clock };
    const operations = askingOperations({ settings, environment, zoneOf: () => 'America/Toronto' });
    const mark = markOf('00000000-0000-4000-8000-000000000001');
    const noon = time('2026-11-24T12:00:00-05:00', '2026-11-24T12:20:00-05:00');
    const block = await operations.block({ calendar: 'c1', mark, interval: noon, known: null });
    expect(block).to.deep.include({
      outcome: 'asked',
      externalId: listedId({ calendar: 'c1', interval: noon, status: 'blocked' }),
      dueAt: plus(NOW, 15 * MINUTE),
    });
    const known = {
      externalId: listedId({ calendar: 'c1', interval: noon, status: 'blocked' }),
      revision: null,
    };
    const unblock = await operations.unblock({ calendar: 'c1', mark, known });
    expect(unblock).to.deep.include({ externalId: null, dueAt: plus(NOW, 120 * MINUTE) });
    expect(unblock.outcome === 'asked' && unblock.task.en).to.equal(
      'Reopen: Tuesday 24 November 2026, 12:00 to 12:20 — Dre Tremblay, RVSQ',
    );
    const moved = await operations.block({ calendar: 'c2', mark, interval: TEN, known });
    expect(moved.outcome === 'asked' && moved.task.en).to.equal(
      'Close Tuesday 24 November 2026, 10:00 to 10:20 — c2, RVSQ, instead of Tuesday 24 November 2026, 12:00 to 12:20',
    );
    const withdrawn = await operations.withdraw({ calendar: 'c1', mark, known, times: [TEN] });
    expect(withdrawn.outcome === 'asked' && withdrawn.task.fr).to.include('10 h 00');
  });
});

describe('what a person saw', () => {
  const seen = (status: ListedTime['status'], when = TEN): ListedTime => ({
    calendar: 'c/1',
    interval: when,
    status,
  });

  it('has an id that says where, when and as what, and can be read back', () => {
    const ids = (['free', 'booked', 'blocked'] as const).map((status) => listedId(seen(status)));
    expect(new Set(ids).size).to.equal(3);
    for (const id of [...ids, listedId(seen('booked'), 2)]) expect(listedInterval(id)).to.deep.equal(TEN);
    for (const other of ['', 'blocked', 'blocked/2026-11-24/2026-11-25/c', 'b-1', 'blocked/x/y/z'])
      expect(listedInterval(other), other).to.equal(null);
  });

  it('is a slot with its status where the screen shows slots; what is free is nothing else', () => {
    const { rows, removed } = observationsOf([seen('free'), seen('booked', NINE_TWENTY)], true);
    expect(rows.map((row) => [row.kind, row.externalId])).to.deep.equal([
      ['slot', listedId(seen('free'))],
      ['slot', listedId(seen('free', NINE_TWENTY))],
      ['busy', listedId(seen('booked', NINE_TWENTY))],
    ]);
    expect(removed.map(({ externalId }) => externalId)).to.deep.equal([
      listedId(seen('booked')),
      listedId(seen('blocked')),
    ]);
  });

  it('is time alone where it shows appointments; of several at one time each is one', () => {
    const { rows } = observationsOf([seen('booked'), seen('booked'), seen('blocked')], false);
    expect(rows.map((row) => [row.kind === 'busy' && row.busyKind, row.externalId])).to.deep.equal([
      ['appointment', listedId(seen('booked'))],
      ['appointment', listedId(seen('booked'), 2)],
      ['block', listedId(seen('blocked'))],
    ]);
  });

  it('is one slot where one of several is free, and what is removed is one more than stands beside it', () => {
    const { rows, removed } = observationsOf([seen('booked'), seen('free')], true);
    expect(rows).to.have.length(2);
    expect(removed.map(({ externalId }) => externalId)).to.deep.equal([
      listedId(seen('booked'), 2),
      listedId(seen('blocked')),
    ]);
  });
});
