import { createTargets } from '../adapter/targets.ts';
import type { Escalation } from '../engine/ports/mail.ts';
import { createSmtp, type Smtp, type SmtpOptions } from './smtp.ts';

type Server = Omit<SmtpOptions, 'targets'> & { readonly allowedTargets: readonly string[] };

type Settings = {
  readonly server: Server | null;
  readonly escalation: Escalation['steps'];
};

/** Null = nobody is told of tasks that are late. */
export const escalationBy = ({ server, escalation }: Settings): Escalation | null =>
  server && { mailer: smtpBy(server), steps: escalation };

/** Connects to the server and logs in, and sends nothing. @throws Fault that says why it could not. */
export const checkMail = (server: Server): Promise<void> => smtpBy(server).check();

const smtpBy = (server: Server): Smtp =>
  createSmtp({ ...server, targets: createTargets(server.allowedTargets) });
