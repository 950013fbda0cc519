import { z } from 'zod';
import type { InstalledAdapter } from '../adapter/isolated.ts';
import { MINUTE } from '../domain/instant.ts';
import { milliseconds } from './duration.ts';
import type { Explanation } from './explain.ts';
import { type Outside, ReferenceDocument, textOf as secretOf } from './outside.ts';
import { itemsOf, type RawItem, textOf } from './raw.ts';
import { allowedTargets } from './targets.ts';

/** How mail goes out, and who is told of tasks that nobody has done in time, as it is written. */

/** RFC 5321, 4.5.3.1.3: 256 octets with its angle brackets. */
const Address = z
  .string()
  .max(254)
  .regex(/^[^\s@<>,;:"()[\]\\]{1,64}@[A-Za-z0-9.-]{1,189}$/, {
    error: 'must be an address such as agenda@clinique.example',
  });

const SECURITIES = ['tls', 'starttls', 'none'] as const;

export const MailDocument = z.strictObject({
  host: z
    .string()
    .min(1)
    .max(253)
    .meta({ description: 'the server that takes mail (SMTP)', examples: ['smtp.clinique.example'] }),
  port: z
    .int()
    .min(1)
    .max(65_535)
    .optional()
    .meta({ description: 'its port; left out = 465 for tls, 587 for starttls, 25 for none' }),
  security: z.enum(SECURITIES).default('tls').meta({
    description:
      'tls: from the start; starttls: by STARTTLS, and nothing is sent where the server offers none; none: only to a host under allowedTargets',
  }),
  user: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .meta({ description: 'user name, where the server asks for one', examples: ['passerelle'] }),
  password: ReferenceDocument.optional().meta({
    description: 'where its password is: env, the environment variable, or file, the file of secrets',
  }),
  from: Address.meta({ description: 'whom it comes from', examples: ['passerelle@clinique.example'] }),
  allowedTargets: allowedTargets('hosts and networks of the server where it is not public, or has no TLS', [
    'courriel.clinic.internal',
    '10.20.0.0/16',
  ]),
});

/** Each step is told once. */
export const EscalationDocument = z
  .array(
    z.strictObject({
      afterMinutes: z
        .number()
        .min(0)
        .max(10_080)
        .meta({ description: 'minutes after the deadline of a task', examples: [0] }),
      to: z
        .array(Address)
        .min(1)
        .max(20)
        .meta({ description: 'who is told by mail', examples: [['accueil@clinique.example']] }),
    }),
  )
  .max(5)
  .refine(
    (steps) => steps.every((step, index) => step.afterMinutes > (steps[index - 1]?.afterMinutes ?? -1)),
    {
      error: 'each step must be later than the one before',
    },
  )
  .default([]);

export type MailSettings = {
  /** Null = no mail goes out. */
  readonly server: MailServer | null;
  /** By connection: who is told of tasks that are late. */
  readonly escalation: ReadonlyMap<string, readonly EscalationSettings[]>;
};

export type EscalationSettings = { readonly afterMilliseconds: number; readonly to: readonly string[] };

export type MailServer = {
  readonly host: string;
  readonly port: number;
  readonly security: (typeof SECURITIES)[number];
  /** Null = the server asks for none. It holds a secret: never log it. */
  readonly login: { readonly user: string; readonly password: string } | null;
  readonly from: string;
  readonly allowedTargets: readonly string[];
};

const PORTS = { tls: 465, starttls: 587, none: 25 } as const;

/** Where the file says nothing. */
export const MAIL_DEFAULTS: MailSettings = { server: null, escalation: new Map() };

/** @param outside has the password: that it is there was checked. */
export const mailOf = (
  document: z.output<typeof MailDocument> | undefined,
  connections: readonly { readonly id: string; readonly escalation: z.output<typeof EscalationDocument> }[],
  outside: Outside,
): MailSettings => ({
  server: document === undefined ? null : serverOf(document, outside),
  escalation: new Map(connections.map(({ id, escalation }) => [id, escalation.map(stepOf)])),
});

function serverOf(
  { port, user, password, ...rest }: z.output<typeof MailDocument>,
  outside: Outside,
): MailServer {
  const secret = secretOf(password, outside);
  return {
    ...rest,
    port: port ?? PORTS[rest.security],
    login: user === undefined || secret === null ? null : { user, password: secret },
  };
}

const stepOf = ({ afterMinutes, to }: z.output<typeof EscalationDocument>[number]): EscalationSettings => ({
  afterMilliseconds: milliseconds(afterMinutes, MINUTE),
  to,
});

/** Nobody is told without a server, nor of what nobody is asked to do; a user without a password cannot log in. */
export function checkMail(
  root: RawItem,
  adapters: ReadonlyMap<string, InstalledAdapter>,
): readonly Explanation[] {
  const mail = root.fields['mail'];
  const login = typeof mail === 'object' && mail !== null ? mail : {};
  const half: Explanation[] =
    'user' in login === 'password' in login
      ? []
      : [{ path: ['mail'], at: 'value', message: 'user and password go together: write both, or neither' }];
  const steps = itemsOf(root, 'connections').flatMap((connection): Explanation[] => {
    const { escalation } = connection.fields;
    if (!Array.isArray(escalation) || escalation.length === 0) return [];
    const path = [...connection.path, 'escalation'];
    const adapter = adapters.get(textOf(connection, 'platform') ?? '');
    if (adapter && adapter.manifest.capabilities.writes !== 'asked') {
      const message = `${adapter.manifest.title.en} is written to by program: nobody has a task there that could be late`;
      return [{ path, at: 'value', message }];
    }
    if (mail !== undefined) return [];
    return [
      { path, at: 'value', message: 'nobody can be told without mail: say under mail how it goes out' },
    ];
  });
  return [...half, ...steps];
}
