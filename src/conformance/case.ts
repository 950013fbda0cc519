import type { Capabilities, OperationName } from '../adapter/contract.ts';
import type { Context } from './context.ts';
import type { Grade } from './grade.ts';

export type Case = {
  /** The key of `exemptions` in a manifest. */
  readonly id: string;
  readonly title: string;
  /** The grade that it is needed for. */
  readonly grade: Grade;
  /** Whether a platform may truly not have what it is about, so that a manifest may exempt its adapter. */
  readonly isExemptable: boolean;
  /** Of the calendar that it is tried on; null = as the suite likes. */
  readonly zone: string | null;
  /** Whether the adapter declares what the case is about. */
  readonly applies: (capabilities: Capabilities) => boolean;
  /** Rejects when it does not hold; with Untried when the target has no hands for it. */
  readonly run: (context: Context) => Promise<void>;
};

type Rest = 'grade' | 'isExemptable' | 'zone';

/** Cases of one grade, written without what most of them have alike. */
export const graded = (
  grade: Grade,
  cases: readonly (Omit<Case, Rest> & Partial<Pick<Case, Rest>>)[],
): readonly Case[] => cases.map((each) => ({ grade, isExemptable: false, zone: null, ...each }));

export const always = (): boolean => true;

/** It has shifts, and neither slots nor bookings. */
export const isRoster = ({ shifts = false }: Capabilities): boolean => shifts;

/** It has slots or bookings. */
export const hasAgenda = (capabilities: Capabilities): boolean => !isRoster(capabilities);

/** It can be asked, so it is read; and it is asked over HTTP, which has a status for each way to fail. */
export const isAsked = ({ pull }: Capabilities): boolean => pull !== 'none';

export const tellsByItself = ({ pull, lists }: Capabilities): boolean => pull === 'none' && !lists;

/** What is written stands once it is answered; else a person is asked to write it. */
export const writesItself = ({ writes }: Capabilities): boolean => writes !== 'asked';

/** Operations that are done, and not asked of anybody. */
export const declares =
  (...names: readonly OperationName[]) =>
  (capabilities: Capabilities): boolean =>
    writesItself(capabilities) && names.every((name) => capabilities.operations.includes(name));

/** The target has no hands for a case: it is neither passed nor failed. */
export class Untried extends Error {
  override readonly name = 'Untried';
}

/** @throws Untried */
export function hand<Hand>(found: Hand | null, what: string): Hand {
  if (found === null) throw new Untried(`the target cannot ${what}`);
  return found;
}
