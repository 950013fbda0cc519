import { z } from 'zod';
import { formatInstant, instant } from '../domain/instant.ts';
import type {
  ConfiguredResource,
  ConfiguredVersion,
  VersionKey,
  VersionReader,
} from '../engine/ports/versions.ts';
import { ok } from './answer.ts';
import { type History, historyOf } from './history.ts';
import type { Resource } from './resource.ts';

/** Versions of what follows from the configuration: whoever starts the front stores them, and tells it the latest. */

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
  resources: readonly { readonly id: string }[],
  { versions, latest }: Past,
): KeptVersions {
  const configured = resources.map((resource) => ({
    type,
    id: resource.id,
    document: JSON.stringify(resource),
  }));
  const keys = new Map(latest.filter((each) => each.type === type).map((each) => [each.id, each]));
  const answers = new Map(
    configured.map(({ id, document }) => {
      const key = keys.get(id);
      const version = key ? { number: key.version, updatedMs: key.updatedMs } : null;
      return [id, ok(key ? versioned(document, key) : document, version)];
    }),
  );
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
    configured,
    history,
    textOf: (id) => answers.get(id)?.text,
    updatedMsOf: (id) => answers.get(id)?.version?.updatedMs ?? null,
    async read(id) {
      const answer = answers.get(id);
      if (answer) return answer;
      throw await history.missing(id, {
        fr: `aucune ressource ${type} n’a cet id`,
        en: `no ${type} has this id`,
      });
    },
  };
}

/** What this front wrote itself. */
const Stored = z.looseObject({ meta: z.looseObject({}).optional() });

function versioned(document: string, { version, updatedMs }: VersionKey): string {
  const { meta, ...resource } = Stored.parse(JSON.parse(document));
  const lastUpdated = formatInstant(instant(updatedMs));
  return JSON.stringify({ ...resource, meta: { ...meta, versionId: String(version), lastUpdated } });
}
