import type { Scopes } from './access.ts';
import type { Bilingual } from './schedule.ts';

/** What an operator settles of how people sign in. */

export type SessionSettings = {
  readonly idleMilliseconds: number;
  /** From signing in, however it is used. */
  readonly absoluteMilliseconds: number;
  /** Of whom a second factor is demanded: of all, or of who may administer, operate or see patients. */
  readonly secondFactor: 'everyone' | 'sensitive';
};

export type ProviderSettings = {
  readonly issuer: string;
  readonly clientId: string;
  /** Null = it is a public client. */
  readonly clientSecret: string | null;
  /** As the button says it. */
  readonly name: Bilingual;
  readonly scopes: readonly string[];
  /** The claim that says what somebody may; with points where it is within others. */
  readonly claim: string;
  /** The first whose value the claim has counts. */
  readonly grants: readonly {
    readonly value: string;
    readonly scopes: Scopes;
    readonly organizationId: string | null;
  }[];
};

export type SignInSettings = SessionSettings & {
  /** Null = people have passwords here only. */
  readonly provider: ProviderSettings | null;
};
