import { expect } from 'chai';
import {
  type Asked,
  type Capabilities,
  type Known,
  type OperationName,
  type Platform,
  TASK_CHARACTERS_MAX,
  type Written,
} from '../../adapter/contract.ts';
import { toLocal } from '../../adapter/zone.ts';
import { type Instant, MINUTE, plus } from '../../domain/instant.ts';
import { type Interval, interval } from '../../domain/interval.ts';
import { type Case, graded, writesItself } from '../case.ts';
import { ATTRIBUTES } from '../commands.ts';
import { type Context, operation } from '../context.ts';
import { nightsOf } from '../nights.ts';

/** A platform that persons write to: what they are asked, until when, and that it is what a list then shows. */

const NAMES = [
  'block',
  'unblock',
  'publish',
  'withdraw',
  'cancel',
] as const satisfies readonly OperationName[];
type Asking = (typeof NAMES)[number];

const asks =
  (...names: readonly Asking[]) =>
  (capabilities: Capabilities): boolean =>
    !writesItself(capabilities) && names.every((name) => capabilities.operations.includes(name));

const any = (capabilities: Capabilities): boolean => NAMES.some((name) => asks(name)(capabilities));

const firstOf = ({ operations }: Platform): Asking => NAMES.find((name) => operations[name]) ?? 'block';

async function ask(
  context: Context,
  platform: Platform,
  name: Asking,
  time: Interval,
  mark = context.mark(),
): Promise<Asked> {
  const { calendar } = context;
  const known: Known = { externalId: 'made-up', revision: null };
  const command = { calendar, mark, interval: time, known, times: [time], attributes: ATTRIBUTES };
  const isMaking = name === 'block' || name === 'publish';
  const answer: Written | Asked = await operation(
    platform,
    name,
  )({ ...command, known: isMaking ? null : known } as never);
  expect(answer.outcome, name).to.equal('asked');
  return answer as Asked;
}

/** Both clocks of it, as any of the usual ways to write them has it: an hour, and its minutes after it. */
function names(text: string, { start, end }: Interval, zone: string): void {
  const numbers = text.match(/\d+/g) ?? [];
  for (const at of [start, end]) {
    const [hour = '', minute = ''] = toLocal(at, zone).slice(11).split(':');
    const isNamed = numbers.some(
      (number, index) => Number(number) === Number(hour) && numbers[index + 1] === minute,
    );
    expect(isNamed, `${text}: ${hour}:${minute}`).to.equal(true);
  }
}

export const ASKING: readonly Case[] = graded('silver', [
  ...NAMES.map((name) => ({
    id: `${name}-asked`,
    title: `${name}: a person is asked, in both languages: when, whose calendar; and nothing is done`,
    applies: asks(name),
    run: async (context: Context) => {
      const { interval: time } = await context.free();
      const before = await context.raw();
      const { task, externalId } = await ask(context, context.connect(), name, time);
      expect(task.fr).not.to.equal(task.en);
      for (const text of [task.fr, task.en]) {
        expect(text.length).to.be.within(10, TASK_CHARACTERS_MAX);
        expect(text).to.include(context.person.calendarName);
        expect(text).to.include(String(new Date(time.start).getUTCFullYear()));
        names(text, time, context.bench.zone);
      }
      const isMaking = name === 'block' || name === 'publish';
      expect(externalId === null).to.equal(!isMaking);
      expect(await context.raw()).to.deep.equal(before);
    },
  })),
  {
    id: 'asked-twice',
    title: 'the same, asked twice, is the same task, and another is another',
    applies: any,
    run: async (context) => {
      const platform = context.connect();
      const name = firstOf(platform);
      const [one, other] = [await context.free(), await context.free()];
      const mark = context.mark();
      const first = await ask(context, platform, name, one.interval, mark);
      const again = await ask(context, platform, name, one.interval, mark);
      expect([again.externalId, again.task]).to.deep.equal([first.externalId, first.task]);
      const another = await ask(context, platform, name, other.interval);
      expect(another.task).not.to.deep.equal(first.task);
    },
  },
  {
    id: 'asked-in-time',
    title: 'is due before its time begins, no sooner than now, and sooner where that begins sooner',
    applies: any,
    run: async (context) => {
      const platform = context.connect();
      const now = context.now();
      const due = async (minutes: number): Promise<Instant> => {
        const start = plus(now, minutes * MINUTE);
        const time = interval(start, plus(start, 20 * MINUTE));
        return (await ask(context, platform, firstOf(platform), time)).dueAt;
      };
      const [begun, soon, later] = [await due(-10), await due(2), await due(3 * 24 * 60)];
      expect(begun, 'of what has begun').to.be.at.least(now);
      expect(soon, 'of what begins soon').to.be.within(now, plus(now, 2 * MINUTE));
      expect(later, 'of what is in days').to.be.within(soon, plus(now, 3 * 24 * 60 * MINUTE));
    },
  },
  {
    id: 'asked-which-hour',
    title: 'says which of the two hours is meant in the night in which one happens twice',
    zone: 'America/Toronto',
    applies: any,
    run: async (context) => {
      const platform = context.connect();
      const [first, , second] = nightsOf('repeated-hour', 'America/Toronto', context.now());
      if (!first || !second) throw new Error('no such night');
      const hour = {
        start: plus(first.interval.start, 60 * MINUTE),
        end: plus(first.interval.end, 60 * MINUTE),
      };
      const one = await ask(context, platform, firstOf(platform), first.interval);
      const other = await ask(context, platform, firstOf(platform), hour);
      expect(one.task.fr).not.to.equal(other.task.fr);
      expect(one.task.en).not.to.equal(other.task.en);
    },
  },
  {
    id: 'asked-is-listed',
    title:
      'what a person made is listed under the id that it was asked with, and is not once they took it away',
    applies: (capabilities: Capabilities) =>
      capabilities.lists === true &&
      (asks('block', 'unblock')(capabilities) || asks('publish', 'withdraw')(capabilities)),
    run: async (context) => {
      const platform = context.connect();
      const isBlocking = platform.operations.block !== undefined;
      const { interval: time } = await context.free();
      const { externalId } = await ask(context, platform, isBlocking ? 'block' : 'publish', time);
      const kind = isBlocking ? 'busy' : 'slot';
      const listed = async () =>
        (await context.list(platform)).rows.filter(
          (row) => row.kind === kind && row.externalId === externalId,
        );
      const { does } = context.person;
      await does(isBlocking ? 'block' : 'publish', time);
      expect((await listed()).map((row) => row.interval)).to.deep.equal([time]);
      await does(isBlocking ? 'unblock' : 'withdraw', time);
      expect(await listed()).to.deep.equal([]);
    },
  },
]);
