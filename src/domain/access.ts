/**
 * Who asks, and what they may: scopes of SMART App Launch 2 («SMART on FHIR Access Scopes», section 3.0.2) for resources, and
 * a few of our own for what is no resource.
 */

/** create, read (and vread, history of one), update (and patch), delete, search (and history of a type): SMART 2, 3.0.2.1. */
export const PERMISSIONS = ['c', 'r', 'u', 'd', 's'] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** One thing that may be done with resources of a type. */
export type Need = { readonly type: string; readonly permission: Permission };

/**
 * What is no resource. `status`: how connections are, metrics, conflicts. `operate`: to read a connection now, to confirm what
 * is gone, to settle conflicts, to open what was set aside. `administer`: tokens, keys, the audit log, backups,
 * and to hand over or erase what is known of one person.
 */
export const DUTIES = ['status', 'operate', 'administer'] as const;
export type Duty = (typeof DUTIES)[number];

export type Scopes = {
  /** By type, `*` = any; each permission once, in the order of PERMISSIONS. */
  readonly types: ReadonlyMap<string, string>;
  readonly duties: ReadonlySet<Duty>;
};

export const ALL_SCOPES: Scopes = { types: new Map([['*', PERMISSIONS.join('')]]), duties: new Set(DUTIES) };

export type Principal = {
  /** `client` has an access token by OAuth, `token` one that was made by hand; `subscriber` is told and does not ask. */
  readonly kind: 'administrator' | 'token' | 'client' | 'user' | 'subscriber';
  /** Among those of its kind; the audit log has it. */
  readonly id: string;
  /** As people call it. */
  readonly name: string;
  /** The only organization that it sees anything of; null = all. */
  readonly organizationId: string | null;
  readonly scopes: Scopes;
  /** What its token says that it asks for, a code of v3-PurposeOfUse; left out = it does not say. */
  readonly purpose?: string;
};

export const ADMINISTRATOR: Principal = {
  kind: 'administrator',
  id: 'administrator',
  name: 'administrator',
  organizationId: null,
  scopes: ALL_SCOPES,
};

/** As the records of who did what have it. */
export const nameOf = ({ kind, id }: Pick<Principal, 'kind' | 'id'>): string =>
  kind === id ? kind : `${kind}:${id}`;

const SMART = /^(?:system|user)\/(\*|[A-Z][A-Za-z]{1,63})\.(c?r?u?d?s?|read|write|\*)$/;
const OWN = /^passerelle\/([a-z]+)$/;
/** SMART 1 scopes in letters of SMART 2 (3.0.2.6). */
const FORMER: Readonly<Record<string, string>> = { read: 'rs', write: 'cud', '*': 'cruds' };

/**
 * @param text scopes with spaces between (RFC 6749, section 3.3).
 * @returns what they allow, and those of them that are no scopes here: they allow nothing. Of `user/` as of `system/`, since
 * who a user is has been settled before. What SMART lets a search add to a scope is not offered.
 */
export function readScopes(text: string): { readonly scopes: Scopes; readonly unknown: readonly string[] } {
  const types = new Map<string, string>();
  const duties = new Set<Duty>();
  const unknown: string[] = [];
  for (const scope of text.split(' ').filter((each) => each !== '')) {
    const [, type, said] = SMART.exec(scope) ?? [];
    const duty = DUTIES.find((each) => each === OWN.exec(scope)?.[1]);
    if (duty !== undefined) duties.add(duty);
    else if (type !== undefined && said) types.set(type, merged(types.get(type), FORMER[said] ?? said));
    else unknown.push(scope);
  }
  return { scopes: { types, duties }, unknown };
}

const merged = (some = '', more: string): string =>
  PERMISSIONS.filter((each) => some.includes(each) || more.includes(each)).join('');

/** As they are written, in order. */
export const writeScopes = ({ types, duties }: Scopes): string =>
  [
    ...[...types].map(([type, letters]) => `system/${type}.${letters}`),
    ...[...duties].map((duty) => `passerelle/${duty}`),
  ]
    .sort()
    .join(' ');

export const scopeOf = ({ type, permission }: Need): string => `system/${type}.${permission}`;

export function permits(
  { scopes: { types } }: Pick<Principal, 'scopes'>,
  { type, permission }: Need,
): boolean {
  return (types.get(type)?.includes(permission) || types.get('*')?.includes(permission)) ?? false;
}

export const hasDuty = ({ scopes }: Pick<Principal, 'scopes'>, duty: Duty): boolean =>
  scopes.duties.has(duty);

const typesIn = (...all: readonly Scopes[]): Set<string> =>
  new Set(all.flatMap(({ types }) => [...types.keys()]));

/** What both allow. */
export function commonScopes(a: Scopes, b: Scopes): Scopes {
  const types = new Map<string, string>();
  for (const type of typesIn(a, b)) {
    const letters = PERMISSIONS.filter((permission) =>
      [a, b].every((scopes) => permits({ scopes }, { type, permission })),
    );
    if (letters.length > 0) types.set(type, letters.join(''));
  }
  return { types, duties: new Set([...a.duties].filter((duty) => b.duties.has(duty))) };
}

/** Whether all that the one allows the other allows too. */
export const isWithin = (some: Scopes, all: Scopes): boolean =>
  [...some.duties].every((duty) => all.duties.has(duty)) &&
  [...typesIn(some, all)].every((type) =>
    PERMISSIONS.every((permission) => {
      const need = { type, permission };
      return permits({ scopes: all }, need) || !permits({ scopes: some }, need);
    }),
  );
