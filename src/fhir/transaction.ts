import type { Answer } from './answer.ts';
import { versionOf } from './conditional.ts';
import { Refused } from './outcomes.ts';
import { placed } from './placed.ts';
import type { Resource, Write } from './resource.ts';
import type { Route } from './router.ts';
import type { RefuseUnknownElements } from './unknown-elements.ts';

/**
 * A transaction (R4, http.html, 3.1.0.11.2): all of its entries or none. So it has only what one transaction of the database
 * can do: writes of one type that offers it. What a platform has confirmed to a patient is not taken back because another
 * entry failed, so appointments are not among them.
 */

export type Asked = {
  readonly route: Route;
  readonly body: unknown;
  readonly ifMatch: string | undefined;
  /** Whether it has conditions that hold for one resource by itself only. */
  readonly isConditional: boolean;
};

/** The types of writes in the order in which they are done, whatever the order of the entries. */
const ORDER: readonly Write['kind'][] = ['delete', 'create', 'update'];

/**
 * @param check throws Refused on what is not even a resource of R4.
 * @returns an answer for each entry, in their order. @throws Refused, and then nothing was done.
 */
export async function transact(
  entries: readonly Asked[],
  check: RefuseUnknownElements,
): Promise<readonly Answer[]> {
  const asked = entries.map((entry, index) => writeOf(entry, `Bundle.entry[${index}]`));
  for (const { resource, write } of asked)
    if (write.kind !== 'delete') placed(write.place, resource.type, () => check(resource.type, write.body));
  const [first] = asked;
  if (!first) return [];
  const other = asked.findIndex(({ resource }) => resource !== first.resource);
  if (other >= 0) throw notTogether(`Bundle.entry[${other}].request.url`);
  refuseRepeated(asked.map(({ write }) => write));
  const inOrder = asked
    .map(({ write }, index) => ({ write, index }))
    .sort((a, b) => ORDER.indexOf(a.write.kind) - ORDER.indexOf(b.write.kind));
  const answers = await first.together(inOrder.map(({ write }) => write));
  const places = new Map(inOrder.map(({ index }, place) => [index, place]));
  return asked.flatMap((_, index) => answers[places.get(index) ?? -1] ?? []);
}

type Asking = {
  readonly resource: Resource;
  readonly together: NonNullable<Resource['together']>;
  readonly write: Write;
};

function writeOf({ route, body, ifMatch, isConditional }: Asked, entry: string): Asking {
  const place = `${entry}.resource`;
  if (isConditional) throw onlyIfMatch(`${entry}.request`);
  switch (route.interaction) {
    case 'create':
      return { ...offered(route, entry), write: { kind: 'create', body, place } };
    case 'update': {
      const ifVersion = versionOf(ifMatch);
      return { ...offered(route, entry), write: { kind: 'update', id: route.id, body, ifVersion, place } };
    }
    case 'delete':
      return { ...offered(route, entry), write: { kind: 'delete', id: route.id, place } };
    default:
      throw notTogether(`${entry}.request`);
  }
}

function offered({ resource }: { readonly resource: Resource }, entry: string): Omit<Asking, 'write'> {
  if (!resource.together) throw notTogether(`${entry}.request.url`);
  return { resource, together: resource.together };
}

/** R4: the identities of the resources in a transaction must be unique. */
function refuseRepeated(writes: readonly Write[]): void {
  const seen = new Set<string>();
  for (const write of writes) {
    if (write.kind === 'create') continue;
    if (seen.has(write.id)) {
      throw new Refused('invalid-resource', {
        diagnostics: {
          fr: 'la même ressource deux fois dans une transaction',
          en: 'the same resource twice in one transaction',
        },
        expression: write.place.replace(/resource$/, 'request.url'),
      });
    }
    seen.add(write.id);
  }
}

const onlyIfMatch = (expression: string): Refused =>
  new Refused('change-not-offered', {
    diagnostics: {
      fr: 'dans une transaction : ifMatch seulement',
      en: 'in a transaction: ifMatch only',
    },
    expression,
  });

const notTogether = (expression: string): Refused =>
  new Refused('change-not-offered', {
    diagnostics: {
      fr:
        'une transaction n’a ici que des POST, PUT et DELETE de Slot : ce qu’une plateforme a confirmé à un patient ne ' +
        'se reprend pas; pour le reste, envoyez un batch',
      en:
        'a transaction has only POST, PUT and DELETE of Slot here: what a platform has confirmed to a patient cannot ' +
        'be taken back; for all else send a batch',
    },
    expression,
  });
