import { createTargets } from '../adapter/targets.ts';
import type { Escalation } from '../engine/ports/mail.ts';
import { createSmtp, type SmtpOptions } from './smtp.ts';

type Settings = {
  readonly server: (Omit<SmtpOptions, 'targets'> & { readonly allowedTargets: readonly string[] }) | null;
  readonly escalation: Escalation['steps'];
};

/** Null = nobody is told of tasks that are late. */
export const escalationBy = ({ server, escalation }: Settings): Escalation | null =>
  server && {
    mailer: createSmtp({ ...server, targets: createTargets(server.allowedTargets) }),
    steps: escalation,
  };
