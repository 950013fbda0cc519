import type { Policy } from './model.ts';

/** A policy as the controls of the form hold it: every control has a text, also those of rules that are not chosen now. */

export type Draft = {
  readonly sharing: 'shared' | 'hold-first' | 'allotted';
  /** By connection; empty = it takes no part. */
  readonly shares: Readonly<Record<string, string>>;
  readonly pooledHours: string;
  readonly unitMinutes: string;
  readonly failover: 'refuse' | 'accept';
  readonly forHours: string;
  readonly failoverUntil: string;
  readonly release: 'always' | 'hoursBefore' | 'atMidnight';
  readonly releaseHours: string;
  readonly releaseDays: string;
  readonly holdMinutes: string;
  readonly holdMost: string;
  readonly cancelUntil: string;
  readonly conflicts: 'ask' | 'keep-first';
  /** Rules that have no control here. */
  readonly others: Policy;
};

export type TextKey = Exclude<
  keyof Draft,
  'sharing' | 'shares' | 'failover' | 'release' | 'conflicts' | 'others'
>;

/** The rules that have one. */
export const RULES = ['sharing', 'failover', 'release', 'holds', 'cancellation', 'conflicts'] as const;
export type Rule = (typeof RULES)[number];

export const UNITS = [
  '15',
  '20',
  '30',
  '60',
  '90',
  '120',
  '180',
  '240',
  '360',
  '480',
  '720',
  '1440',
] as const;

const HOLD_USUAL = '5';
const HOLD_MOST = '30';

/** @param connections that share the schedule. */
export function draftOf(policy: Policy, connections: readonly string[]): Draft {
  const sharing = mappingOf(policy['sharing']);
  const failover = mappingOf(policy['failover']);
  const release = mappingOf(policy['release']);
  const holds = mappingOf(policy['holds']);
  const shares = mappingOf(sharing['shares']);
  const midnight = mappingOf(release['atMidnight']);
  return {
    sharing: 'mode' in sharing ? 'allotted' : policy['sharing'] === 'hold-first' ? 'hold-first' : 'shared',
    shares: Object.fromEntries(
      [...new Set([...connections, ...Object.keys(shares)])].map((id) => [
        id,
        textOf(shares[id], 'mode' in sharing ? '' : '1'),
      ]),
    ),
    pooledHours: textOf(sharing['pooledHoursBefore'], '24'),
    unitMinutes: textOf(sharing['unitMinutes'], '60'),
    failover: 'mode' in failover || policy['failover'] === 'accept' ? 'accept' : 'refuse',
    forHours: textOf(failover['forHours'], ''),
    failoverUntil: textOf(failover['untilHoursBefore'], '0'),
    release: 'atMidnight' in release ? 'atMidnight' : 'hoursBefore' in release ? 'hoursBefore' : 'always',
    releaseHours: textOf(release['hoursBefore'], '48'),
    releaseDays: textOf(midnight['daysBefore'], '7'),
    holdMinutes: textOf(holds['minutes'], HOLD_USUAL),
    holdMost: textOf(holds['maxMinutes'], HOLD_MOST),
    cancelUntil: textOf(mappingOf(policy['cancellation'])['untilHoursBefore'], '0'),
    conflicts: policy['conflicts'] === 'keep-first' ? 'keep-first' : 'ask',
    others: Object.fromEntries(Object.entries(policy).filter(([key]) => !isRule(key))),
  };
}

/** As it would stand in the file: what is as it is by default is left out. What is no number is sent as it is, to be told so. */
export function policyIn(draft: Draft): Policy {
  const { sharing, failover, release, conflicts, holdMinutes, holdMost, cancelUntil, others } = draft;
  return {
    ...(sharing === 'shared' ? {} : { sharing: sharing === 'allotted' ? allottedIn(draft) : sharing }),
    ...(failover === 'refuse' ? {} : { failover: failoverIn(draft) }),
    ...(release === 'always' ? {} : { release: releaseIn(draft) }),
    ...(holdMinutes === HOLD_USUAL && holdMost === HOLD_MOST
      ? {}
      : { holds: { minutes: numberIn(holdMinutes), maxMinutes: numberIn(holdMost) } }),
    ...(numberIn(cancelUntil) === 0 ? {} : { cancellation: { untilHoursBefore: numberIn(cancelUntil) } }),
    ...(conflicts === 'ask' ? {} : { conflicts }),
    ...others,
  };
}

const allottedIn = ({ shares, pooledHours, unitMinutes }: Draft): Policy => ({
  mode: 'allotted',
  shares: Object.fromEntries(
    Object.entries(shares)
      .filter(([, share]) => share.trim() !== '' && share.trim() !== '0')
      .map(([id, share]) => [id, numberIn(share)]),
  ),
  pooledHoursBefore: numberIn(pooledHours),
  unitMinutes: numberIn(unitMinutes),
});

function failoverIn({ forHours, failoverUntil }: Draft): unknown {
  const until = numberIn(failoverUntil);
  if (forHours.trim() === '' && until === 0) return 'accept';
  return {
    mode: 'accept',
    ...(forHours.trim() === '' ? {} : { forHours: numberIn(forHours) }),
    ...(until === 0 ? {} : { untilHoursBefore: until }),
  };
}

const releaseIn = ({ release, releaseHours, releaseDays }: Draft): Policy =>
  release === 'hoursBefore'
    ? { hoursBefore: numberIn(releaseHours) }
    : { atMidnight: { daysBefore: numberIn(releaseDays) } };

/** Empty = missing. */
function numberIn(text: string): unknown {
  const written = text.trim().replace(',', '.');
  if (written === '') return null;
  const number = Number(written);
  return Number.isNaN(number) ? text : number;
}

/** The rules that are not what they were. */
export const changedRules = (before: Policy, after: Policy): Rule[] =>
  RULES.filter((rule) => !same(before[rule], after[rule]));

/**
 * What is to stand in the file: of a rule that was not changed what stands there, as somebody wrote it.
 * @param written in the file; @param rules those that are to be as in `policy`.
 */
export function mergedPolicy(written: Policy, policy: Policy, rules: readonly Rule[]): Policy {
  const kept = Object.entries(written).filter(([key]) => !(rules as readonly string[]).includes(key));
  const changed = rules.filter((rule) => rule in policy).map((rule) => [rule, policy[rule]]);
  return Object.fromEntries([...kept, ...changed]);
}

const isRule = (key: string): boolean => (RULES as readonly string[]).includes(key);

const mappingOf = (value: unknown): Policy =>
  typeof value === 'object' && value !== null ? (value as Policy) : {};

const textOf = (value: unknown, usual: string): string => (value === undefined ? usual : String(value));

/** Both are JSON, made by the same functions in the same order but for keys of mappings. */
const same = (a: unknown, b: unknown): boolean => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));

const sorted = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(
        Object.entries(value)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([key, each]) => [key, sorted(each)]),
      )
    : value;
