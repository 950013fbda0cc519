import type { Auditor } from '../engine/ports/audit.ts';

/** How people come in is recorded too: that somebody did, or tried and could not, by what, and from where. */

type SignIn = {
  readonly kind: string;
  readonly by: string | null;
  readonly personId: string | null;
  readonly address: string;
};

const REFUSED = new Set(['refused', 'made-to-wait']);

export const auditedSignIn =
  ({ note }: Pick<Auditor, 'note'>) =>
  ({ kind, by, personId, address }: SignIn): void =>
    note({
      agent: personId === null ? null : `user:${personId}`,
      name: null,
      organizationId: null,
      address,
      requestId: null,
      purpose: null,
      type: REFUSED.has(kind) ? 'access.sign-in-refused' : 'access.sign-in',
      action: 'E',
      outcome: REFUSED.has(kind) ? 'refused' : 'done',
      entities: [],
      detail: { kind, ...(by === null ? {} : { by }) },
    });
