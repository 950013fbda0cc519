import { z } from 'zod';
import { formatInstant, instant } from '../domain/instant.ts';
import { onceFor } from '../domain/once.ts';
import type {
  ConfiguredResource,
  ConfiguredVersion,
  VersionKey,
  VersionReader,
} from '../engine/ports/versions.ts';
import { type Answer, ok } from './answer.ts';
import { type History, historyOf } from './history.ts';
import type { Item } from './kept-parameters.ts';
import type { Resource } from './resource.ts';

/**
 * Versions of what follows from the configuration: whoever starts the front stores them, and tells it the latest. What is
 * written meanwhile is stored by whoever writes it, and an item then says its version.
 */

export type Past = {
  readonly versions: VersionReader;
  /** Of what is configured; what is not among them is served without a version. */
  readonly latest: readonly ConfiguredVersion[];
};

export type KeptVersions = {
  /** What is to be stored. */
  readonly configured: readonly ConfiguredResource[];
  readonly textOf: (id: string) => string | undefined;
  /** Epoch ms; null = it has no version. */
  readonly updatedMsOf: (id: string) => number | null;
  readonly read: Resource['read'];
  readonly history: History;
};

export function keptVersions(
  type: Resource['type'],
  items: () => readonly Item[],
  { versions, latest }: Past,
): KeptVersions {
  const stored = new Map(latest.filter((each) => each.type === type).map((each) => [each.id, each]));
  // One of thousands is written: the others are not made anew.
  const made = new WeakMap<Item, Answer>();
  const answerOf = (item: Item): Answer => {
    const known = made.get(item);
    if (known) return known;
    const document = JSON.stringify(item.resource);
    const key = newest(stored.get(item.resource.id) ?? null, item.written ?? null);
    const answer = key
      ? ok(versioned(document, key), { number: key.version, updatedMs: key.updatedMs })
      : ok(document);
    made.set(item, answer);
    return answer;
  };
  const answers = onceFor(items, (all) => new Map(all.map((item) => [item.resource.id, answerOf(item)])));
  const history = historyOf(type, {
    isId: () => true,
    find: async (query) =>
      (await versions.resourceVersions(query, type)).map(({ document, ...key }) => ({
        ...key,
        text: document === null ? null : versioned(document, key),
      })),
    count: (query) => versions.countResourceVersions(query, type),
  });
  return {
    configured: items().map(({ resource }) => ({
      type,
      id: resource.id,
      document: JSON.stringify(resource),
    })),
    history,
    textOf: (id) => answers().get(id)?.text,
    updatedMsOf: (id) => answers().get(id)?.version?.updatedMs ?? null,
    async read(id) {
      const answer = answers().get(id);
      if (answer) return answer;
      throw await history.missing(id, {
        fr: `aucune ressource ${type} n’a cet id`,
        en: `no ${type} has this id`,
      });
    },
  };
}

const newest = (a: VersionKey | null, b: VersionKey | null): VersionKey | null =>
  a && b ? (b.version > a.version ? b : a) : (a ?? b);

/** What this front wrote itself. */
const Stored = z.looseObject({ meta: z.looseObject({}).optional() });

function versioned(document: string, { version, updatedMs }: VersionKey): string {
  const { meta, ...resource } = Stored.parse(JSON.parse(document));
  const lastUpdated = formatInstant(instant(updatedMs));
  return JSON.stringify({ ...resource, meta: { ...meta, versionId: String(version), lastUpdated } });
}
