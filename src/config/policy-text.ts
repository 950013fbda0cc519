import type { z } from 'zod';
import { HOUR, MINUTE } from '../domain/instant.ts';
import { DEFAULT_POLICY, type Policy, type RosterPolicy } from '../domain/schedule.ts';
import { type Explanation, explain } from './explain.ts';
import { PolicyDocument, policyOf } from './policy.ts';
import { jsonSchemaOf } from './schema-node.ts';

/** A policy by itself, as it stands under `policy` of a schedule: read, and written again. */

export type PolicyText = z.input<typeof PolicyDocument>;

type Read =
  | { readonly policy: Policy; readonly problems: null }
  | { readonly policy: null; readonly problems: readonly Explanation[] };

/** What other parts of the configuration have to say of it is not asked (policy-checks.ts, sharing-checks.ts). */
export function readPolicy(value: unknown): Read {
  const parsed = PolicyDocument.safeParse(value);
  if (parsed.success) return { policy: policyOf(parsed.data), problems: null };
  const schema = jsonSchemaOf(PolicyDocument);
  return { policy: null, problems: parsed.error.issues.flatMap((issue) => explain(issue, schema, value)) };
}

/** As somebody would write it: what is as it is by default is left out. */
export function policyText(policy: Policy): PolicyText {
  const { freshnessMilliseconds, conflicts, roster, cancellation } = policy;
  const changed = <Key extends keyof PolicyText>(key: Key, value: PolicyText[Key], isUsual: boolean) =>
    isUsual ? {} : { [key]: value };
  return {
    ...changed('sharing', sharingText(policy.sharing), policy.sharing.mode === 'shared'),
    ...changed('failover', failoverText(policy.failover), policy.failover.mode === 'refuse'),
    ...changed('release', releaseText(policy.release), policy.release.kind === 'always'),
    ...(freshnessMilliseconds === null ? {} : { freshnessMinutes: freshnessMilliseconds / MINUTE }),
    ...holdsText(policy.holds),
    ...changed(
      'cancellation',
      { untilHoursBefore: cancellation.untilMillisecondsBefore / HOUR },
      cancellation.untilMillisecondsBefore === 0,
    ),
    ...(same(roster, DEFAULT_POLICY.roster) ? {} : { roster }),
    ...changed('conflicts', conflicts, conflicts === DEFAULT_POLICY.conflicts),
  };
}

const same = (a: RosterPolicy, b: RosterPolicy): boolean =>
  a.withdrawn === b.withdrawn && a.outside === b.outside;

function sharingText(sharing: Policy['sharing']): NonNullable<PolicyText['sharing']> {
  if (sharing.mode !== 'allotted') return sharing.mode;
  const { mode, shares, unitMinutes, pooledMillisecondsBefore } = sharing;
  const text = {
    mode,
    shares: { ...shares },
    pooledHoursBefore: pooledMillisecondsBefore / HOUR,
    unitMinutes,
  };
  return text as NonNullable<PolicyText['sharing']>;
}

function failoverText(failover: Policy['failover']): NonNullable<PolicyText['failover']> {
  if (failover.mode === 'refuse') return 'refuse';
  const { forMilliseconds, untilMillisecondsBefore } = failover;
  if (forMilliseconds === null && untilMillisecondsBefore === 0) return 'accept';
  return {
    mode: 'accept',
    ...(forMilliseconds === null ? {} : { forHours: forMilliseconds / HOUR }),
    ...(untilMillisecondsBefore === 0 ? {} : { untilHoursBefore: untilMillisecondsBefore / HOUR }),
  };
}

function releaseText(release: Policy['release']): NonNullable<PolicyText['release']> {
  switch (release.kind) {
    case 'always':
      return 'always';
    case 'before':
      return { hoursBefore: release.milliseconds / HOUR };
    case 'midnight':
      return { atMidnight: { daysBefore: release.daysBefore } };
  }
}

function holdsText({ usualMilliseconds, mostMilliseconds }: Policy['holds']): Pick<PolicyText, 'holds'> {
  const usual = DEFAULT_POLICY.holds;
  if (usualMilliseconds === usual.usualMilliseconds && mostMilliseconds === usual.mostMilliseconds) return {};
  return { holds: { minutes: usualMilliseconds / MINUTE, maxMinutes: mostMilliseconds / MINUTE } };
}
