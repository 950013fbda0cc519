import { z } from 'zod';
import { type Adapter, CONTRACT_VERSION, type OperationName } from '../../src/adapter/contract.ts';

/** A made-up platform, as far as the configuration looks at it. */
export function fakeAdapter(
  id: string,
  settings: z.ZodType,
  operations: readonly OperationName[] = ['block', 'unblock'],
): Adapter {
  return {
    contractVersion: CONTRACT_VERSION,
    manifest: {
      id,
      title: { fr: `Plateforme ${id}`, en: `Platform ${id}` },
      kind: 'private',
      contract: 'assumed',
      capabilities: {
        agenda: 'there',
        pull: 'snapshot',
        feed: 'connection',
        webhook: 'none',
        idempotency: 'key',
        conditionalWrite: false,
        operations,
      },
      limits: {
        requests: 10,
        windowMilliseconds: 1_000,
        concurrency: 1,
        timeoutMilliseconds: 1_000,
        stalenessMilliseconds: 0,
      },
      settings,
      exemptions: {},
    },
    connect: () => {
      throw new Error('the configuration connects to nothing');
    },
  };
}

const East = z.object({
  url: z.url().describe('address of the platform'),
  token: z.string().min(8).describe('the key'),
  retries: z.int().min(0).max(9).default(2),
  regions: z.array(z.object({ name: z.string() })).default([]),
  plan: z
    .discriminatedUnion('kind', [
      z.object({ kind: z.literal('free') }),
      z.object({ kind: z.literal('paid'), account: z.string() }),
    ])
    .optional(),
});

export const ADAPTERS: ReadonlyMap<string, Adapter> = new Map(
  [
    fakeAdapter('east', East),
    fakeAdapter('west', z.object({}), ['block', 'unblock', 'publish', 'withdraw']),
  ].map((adapter) => [adapter.manifest.id, adapter]),
);

export const VARIABLES = { EAST_TOKEN: 'not-so-secret' };

export const SAMPLE = `organization: { id: parc, name: Clinique du Parc }
locations:
  - { id: parc, name: Clinique du Parc }
services:
  - { id: consultation, name: { fr: Consultation, en: Consultation } }
practitioners:
  - { id: dr-tremblay, family: Tremblay, given: Alex, prefix: Dr }
schedules:
  - id: tremblay
    practitioner: dr-tremblay
    location: parc
    service: consultation
connections:
  - id: east
    platform: east
    settings:
      url: https://east.example
      token: { env: EAST_TOKEN }
    calendars:
      - { id: "4711", schedule: tremblay, topology: block }
  - id: west
    platform: west
    pollSeconds: 20
    freshnessMinutes: 2
    horizonDays: 14
    title: { fr: Ouest, en: West }
    calendars:
      - { id: tremblay, schedule: tremblay, topology: publish }
    suspect: { share: 0.8 }
`;
