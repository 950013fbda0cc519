import {
  type Asked,
  type OperationName,
  type Platform,
  TASK_CHARACTERS_MAX,
} from '../../../src/adapter/contract.ts';
import { DAY, instant, plus } from '../../../src/domain/instant.ts';
import { type Broken, broken, DONE, type Spoil } from './broken.ts';

/** Adapters that ask people wrongly. */

type Command = { readonly calendar: string };
type Ask = (command: Command) => Promise<Asked>;

/** What is asked becomes something else: of one operation, or of all. */
const asking =
  (
    change: (asked: Asked, command: Command) => unknown,
    only: readonly OperationName[] | null = null,
  ): Spoil =>
  ({ operations }: Platform) => {
    const spoiled = Object.entries(operations).map(([name, right]) => {
      const isSpoiled = only === null || only.some((each) => each === name);
      const ask: Ask = async (command) => change(await (right as unknown as Ask)(command), command) as Asked;
      return [name, isSpoiled ? ask : right];
    });
    return { operations: Object.fromEntries(spoiled) as Platform['operations'] };
  };

const spoiled = (wrong: string, caught: string | readonly string[], spoil: Spoil): Broken =>
  broken(wrong, caught, spoil, 'listed');

const EACH = ['block', 'unblock', 'publish', 'withdraw', 'cancel'] as const;

let asked = 0;

export const ASKING: readonly Broken[] = [
  ...EACH.map((name) =>
    spoiled(
      `says that ${name} is done as soon as somebody was asked`,
      `${name}-asked`,
      asking(() => DONE, [name]),
    ),
  ),
  spoiled(
    'asks in one language',
    'block-asked',
    asking((right) => ({ ...right, task: { fr: right.task.en, en: right.task.en } })),
  ),
  spoiled(
    'does not say in whose calendar',
    'unblock-asked',
    asking((right) => ({
      ...right,
      task: { fr: right.task.fr.replace('Dre Tremblay', ''), en: right.task.en.replace('Dre Tremblay', '') },
    })),
  ),
  spoiled(
    'does not say when',
    'cancel-asked',
    asking((right) => ({
      ...right,
      task: { fr: right.task.fr.replaceAll(/\d/g, ''), en: right.task.en.replaceAll(/\d/g, '') },
    })),
  ),
  spoiled(
    'writes more than anybody reads',
    'publish-asked',
    asking((right) => ({
      ...right,
      task: { ...right.task, fr: right.task.fr.padEnd(TASK_CHARACTERS_MAX + 1, '!') },
    })),
  ),
  spoiled(
    'names what it takes away as if it were to stand',
    'withdraw-asked',
    asking((right) => ({ ...right, externalId: right.externalId ?? 'slot' })),
  ),
  spoiled(
    'numbers what it asks',
    'asked-twice',
    asking((right) => {
      asked += 1;
      return { ...right, task: { fr: `${asked}. ${right.task.fr}`, en: `${asked}. ${right.task.en}` } };
    }),
  ),
  spoiled(
    'asks the same of everything',
    'asked-twice',
    asking((right) => ({ ...right, task: { fr: 'Regardez RVSQ', en: 'Look at RVSQ' } })),
  ),
  spoiled(
    'is due a day later, whenever its time begins',
    'asked-in-time',
    asking((right) => ({ ...right, dueAt: plus(right.dueAt, DAY) })),
  ),
  spoiled(
    'was due before it was asked',
    'asked-in-time',
    asking((right) => ({ ...right, dueAt: instant(0) })),
  ),
  spoiled(
    'writes local times without their offset',
    'asked-which-hour',
    asking((right) => ({
      ...right,
      task: {
        fr: right.task.fr.replaceAll(/ \(UTC.\d\d:\d\d\)/g, ''),
        en: right.task.en.replaceAll(/ \(UTC.\d\d:\d\d\)/g, ''),
      },
    })),
  ),
  spoiled(
    'asks under an id that no list has',
    'asked-is-listed',
    asking((right) => ({ ...right, externalId: right.externalId && 'task-1' })),
  ),
];
