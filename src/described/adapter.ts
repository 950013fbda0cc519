import {
  type Adapter,
  type Connect,
  defineAdapter,
  type Manifest,
  type Platform,
} from '../adapter/contract.ts';
import { Fault } from '../adapter/faults.ts';
import { SECOND } from '../domain/instant.ts';
import { capabilitiesOf } from './capabilities.ts';
import { type Client, createClient, found, jsonOf } from './client.ts';
import type { Description, RecordShape } from './description.ts';
import { createNormalizer, type Normalize } from './normalize.ts';
import { pageIn, unexpected } from './paging.ts';
import { createReading } from './reading.ts';
import { settingsSchema, valuesOf } from './settings.ts';
import { createWebhook } from './webhook.ts';
import { createOperations } from './writing.ts';

/** The adapter that a description stands for. */
export function adapterOf(description: Description): Adapter {
  return defineAdapter({
    manifest: manifestOf(description),
    connect: (options) => connect(description, options),
  });
}

function manifestOf(description: Description): Manifest<ReturnType<typeof settingsSchema>> {
  const { id, title, kind, contract, settings, exemptions, limits } = description;
  return {
    id,
    title,
    kind,
    contract,
    capabilities: capabilitiesOf(description),
    limits: {
      requests: limits.requests,
      windowMilliseconds: Math.ceil(limits.perSeconds * SECOND),
      concurrency: limits.atOnce,
      timeoutMilliseconds: Math.ceil(limits.timeoutSeconds * SECOND),
      stalenessMilliseconds: Math.ceil(limits.stalenessSeconds * SECOND),
    },
    settings: settingsSchema(settings),
    exemptions,
  };
}

function connect(description: Description, options: Connect<unknown>): Platform {
  const { id, record, check, lookup, webhook } = description;
  const { maps, zoneOf, environment } = options;
  const client = createClient(description, options);
  const normalize = createNormalizer(id, record, maps, zoneOf);
  const normalizerOf = (own: RecordShape | undefined): Normalize =>
    own ? createNormalizer(id, own, maps, zoneOf) : normalize;
  const readBack = lookup ? lookFor(client, lookup, normalize) : undefined;
  const secret = valuesOf(description.settings, options.settings).secret('webhookSecret');
  return {
    read: createReading(client, description, normalizerOf),
    operations: createOperations({ client, description, normalize, readBack, zoneOf }),
    ...(readBack ? { readBack } : {}),
    ...(webhook ? { webhook: createWebhook(webhook, secret, environment.clock, normalizerOf) } : {}),
    check: async (signal) => {
      const response = await client.send(check.request, {}, { writes: false, signal });
      if (response.status !== 200) throw unexpected(response);
      if (check.is && !(await found(check.is, jsonOf(response))))
        throw new Fault('malformed', 'check of the description: this is another answer');
    },
    close: async () => client.close(),
  };
}

/** Every row that carries the mark. @throws Fault when it could not look, or when one that carries it cannot be read. */
const lookFor =
  (
    client: Client,
    { request, rows, none }: NonNullable<Description['lookup']>,
    normalize: Normalize,
  ): NonNullable<Platform['readBack']> =>
  async (calendar, mark) => {
    const response = await client.send(request, { calendar, mark }, { writes: false });
    if (none.includes(response.status)) return [];
    const { answer, records } = await pageIn(response, rows);
    const asked = { calendars: new Set([calendar]), calendar, answer, isChange: false };
    const normalized = await normalize(records, asked);
    // Something stands there, and to leave it out would have it written a second time.
    const read = new Set([...normalized.rows, ...normalized.removed].map(({ externalId }) => externalId));
    if (normalized.rejected.some(({ externalId }) => externalId === null || !read.has(externalId)))
      throw new Fault('malformed', 'a record that carries our mark cannot be read');
    return normalized.rows.filter((row) => row.mark === mark);
  };
