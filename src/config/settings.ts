import { z } from 'zod';
import type { InstalledAdapter } from '../adapter/isolated.ts';
import { type Explanation, explain, unknownKey } from './explain.ts';
import { suggestion } from './nearest.ts';
import type { Outside } from './outside.ts';
import { startsWith } from './problems.ts';
import { itemsOf, type RawItem, textOf } from './raw.ts';
import { jsonSchemaOf, unknownKeys } from './schema-node.ts';
import { resolveSecrets } from './secrets.ts';

/** One connection's adapter with its settings as that adapter's manifest wants them, secrets resolved. */
export type ConfiguredConnection = {
  readonly id: string;
  readonly adapter: InstalledAdapter;
  /** Output of `adapter.manifest.settings`. It holds secrets: never log it. */
  readonly settings: unknown;
  /** Host names, addresses and networks that it may call although they are not public, and by http. */
  readonly allowedTargets: readonly string[];
};

export type CheckedSettings = {
  readonly connections: readonly Omit<ConfiguredConnection, 'allowedTargets'>[];
  readonly problems: readonly Explanation[];
};

export function checkSettings(
  root: RawItem,
  adapters: ReadonlyMap<string, InstalledAdapter>,
  outside: Outside,
): CheckedSettings {
  const connections: CheckedSettings['connections'][number][] = [];
  const problems: Explanation[] = [];
  for (const item of itemsOf(root, 'connections')) {
    const platform = textOf(item, 'platform');
    if (platform === null) continue;
    const adapter = adapters.get(platform);
    if (adapter === undefined) {
      const message = `no adapter "${platform}"${suggestion(platform, [...adapters.keys()])}`;
      problems.push({ path: [...item.path, 'platform'], at: 'value', message });
      continue;
    }
    const checked = checkOne(item, adapter, outside);
    problems.push(...checked.problems);
    connections.push({ id: textOf(item, 'id') ?? '', adapter, settings: checked.settings });
  }
  return { connections, problems: [...problems, ...sharedSecrets(root, connections)] };
}

/** A delivery that is signed for one connection would be taken by the other, since no platform signs for whom it is. */
function sharedSecrets(root: RawItem, connections: CheckedSettings['connections']): Explanation[] {
  const owners = new Map<string, string>();
  return itemsOf(root, 'connections').flatMap((item): Explanation[] => {
    const found = connections.find(({ id }) => id === textOf(item, 'id'));
    const secret = Webhook.safeParse(found?.settings).data?.webhookSecret;
    if (found === undefined || secret === undefined) return [];
    const owner = owners.get(secret);
    owners.set(secret, owner ?? found.id);
    if (owner === undefined || owner === found.id) return [];
    const message = `is the secret of "${owner}" too: each connection must have one of its own`;
    const french = `est aussi le secret de « ${owner} » : chaque connexion doit avoir le sien`;
    return [{ path: [...item.path, 'settings', 'webhookSecret'], at: 'value', message, french }];
  });
}

/** The setting that every adapter calls so whose platform signs what it sends (docs/adapter-contract.md). */
const Webhook = z.object({ webhookSecret: z.string() });

function checkOne(
  item: RawItem,
  adapter: InstalledAdapter,
  outside: Outside,
): { readonly settings: unknown; readonly problems: readonly Explanation[] } {
  const path = [...item.path, 'settings'];
  const { value, missing } = resolveSecrets(item.fields['settings'] ?? {}, outside, path);
  const parsed = adapter.manifest.settings.safeParse(value);
  const schema = jsonSchemaOf(adapter.manifest.settings);
  // A misspelt key must not be dropped in silence, as an adapter's schema may do.
  const unknown = unknownKeys(schema, value).map(
    ({ path: key, known }): Explanation => ({
      path: key,
      at: 'key',
      ...unknownKey(String(key.at(-1)), known),
    }),
  );
  const invalid = (parsed.error?.issues ?? [])
    .filter(({ code }) => code !== 'unrecognized_keys')
    .flatMap((issue) => explain(issue, schema, value));
  const problems = [...unknown, ...invalid]
    .map((explanation) => ({ ...explanation, path: [...path, ...explanation.path] }))
    // Whatever follows from a variable that is not set is not another problem.
    .filter((explanation) => !missing.some((each) => startsWith(explanation.path, each.path)));
  return { settings: parsed.data ?? null, problems: [...missing, ...problems] };
}
