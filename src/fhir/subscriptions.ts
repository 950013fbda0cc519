import { randomBytes } from 'node:crypto';
import type { ReadSubscription } from '../../mappings/fhir/read-subscription.ts';
import { subscriptionResource } from '../../mappings/fhir/subscription.ts';
import type { TargetProblem } from '../adapter/targets.ts';
import { hasDuty, nameOf, type Principal } from '../domain/access.ts';
import type { Clock, Ids } from '../domain/environment.ts';
import type { Bilingual } from '../domain/schedule.ts';
import type {
  SecretsSeal,
  Subscription,
  SubscriptionRegistry,
  SubscriptionSecrets,
  SubscriptionTerms,
} from '../engine/ports/subscriptions.ts';
import { type Answer, DELETED, ok } from './answer.ts';
import { searchset } from './bundle.ts';
import type { CriteriaReader } from './criteria.ts';
import { incomingSubscription, refuseOtherId } from './incoming.ts';
import { Refused } from './outcomes.ts';
import type { Resource, SearchRequest, UpdateRequest } from './resource.ts';
import { type Context, searchReader } from './search.ts';
import { matching, SUBSCRIPTION_TABLE } from './subscription-search.ts';
import { isUuid } from './values.ts';

/** Subscription (R4, rest-hook): who is told of slots and appointments. Telling them is done elsewhere. */

export type SubscriptionDependencies = {
  readonly registry: SubscriptionRegistry;
  /** Whether a target may be called. */
  readonly targetProblem: (endpoint: string) => Promise<TargetProblem | null>;
  readonly secrets: SecretsSeal;
  readonly ids: Ids;
  readonly clock: Pick<Clock, 'now'>;
  /** How many there may be. */
  readonly most: number;
};

type Dependencies = SubscriptionDependencies & { readonly criteria: CriteriaReader };

const readParameters = searchReader(SUBSCRIPTION_TABLE);
/** A change that overlapped with another, or with a failure that was stored, is made again on what is there then. */
const ATTEMPTS_MAX = 5;

export function subscriptions(dependencies: Dependencies): Resource {
  const { registry } = dependencies;
  return {
    type: 'Subscription',
    documentation:
      'Rest-hook: tells of slots and appointments that match a search. POST and PUT with status requested, PUT with ' +
      'status off or DELETE to end it. The secret that signs the notifications is in the answer of the POST, and nowhere ' +
      'else.',
    parameters: SUBSCRIPTION_TABLE.filters,
    includes: [],
    revincludes: [],
    versioned: true,
    read: async (id, { context }) => answerOf(await existing(registry, id, context)),
    search: (request) => search(registry, request),
    create: (body, context) => create(dependencies, body, context),
    update: (request) => update(dependencies, request),
    async delete(id, context) {
      const found = await existing(registry, id, context);
      if (await registry.removeSubscription(found.id)) return DELETED;
      throw notFound();
    },
  };
}

const answerOf = (subscription: Subscription, secret: string | null = null): Answer =>
  ok(JSON.stringify(subscriptionResource(subscription, secret)), {
    number: subscription.version,
    updatedMs: subscription.updatedAt,
  });

async function existing(
  registry: SubscriptionRegistry,
  id: string,
  { caller }: Context,
): Promise<Subscription> {
  const found = isUuid(id) ? await registry.subscription(id) : null;
  if (!found || !maySee(found, caller)) throw notFound();
  return found;
}

/** Whoever made it, and who administers the organization, or all of them. */
const maySee = ({ owner, organizationId }: Subscription, caller: Principal): boolean =>
  owner === nameOf(caller) ||
  (hasDuty(caller, 'administer') &&
    (caller.organizationId === null || caller.organizationId === organizationId));

const notFound = (): Refused =>
  new Refused('not-found', {
    diagnostics: { fr: 'aucun abonnement n’a cet id', en: 'no subscription has this id' },
  });

async function search(
  registry: SubscriptionRegistry,
  { parameters, context, strict }: SearchRequest,
): Promise<Answer> {
  const { filter, page, ignored, used } = readParameters(parameters, context, strict);
  const seen = (await registry.subscriptions()).filter((each) => maySee(each, context.caller));
  const found = [...matching(filter, seen)];
  const isDescending = page.sort?.descending ?? false;
  if (isDescending) found.reverse();
  const { after } = page;
  const isLater = ({ id }: Subscription): boolean =>
    after === null || (isDescending ? id < after.id : id > after.id);
  const rest = page.onlyTotal ? [] : found.filter(isLater);
  const shown = rest.slice(0, page.count);
  const last = shown.length < rest.length ? shown.at(-1) : undefined;
  return ok(
    searchset({
      type: 'Subscription',
      context,
      used,
      next: last ? { atMs: 0, id: last.id } : null,
      // Known without counting, so it is always told.
      total: found.length,
      entries: shown.map((each) => ({
        path: `Subscription/${each.id}`,
        resource: JSON.stringify(subscriptionResource(each, null)),
        mode: 'match',
      })),
      warnings: ignored.map((issue) => ({ ...issue, code: 'not-supported' })),
    }),
  );
}

async function create(dependencies: Dependencies, body: unknown, context: Context): Promise<Answer> {
  const { registry, ids, clock, most } = dependencies;
  const wanted = incomingSubscription(body);
  const secrets = { secret: newSecret(), headers: headersOf(wanted, null) };
  const terms = await termsOf(dependencies, wanted, context, secrets);
  const at = clock.now();
  const added = await registry.addSubscription({ ...terms, id: ids.next(), status: wanted.status }, at, most);
  if (!added) {
    throw new Refused('too-many-subscriptions', {
      diagnostics: {
        fr: `il y en a ${most}, et pas plus : supprimez ceux qui ne servent plus`,
        en: `there are ${most}, and no more: delete those that are of no use`,
      },
    });
  }
  await registry.activateSubscriptions(at);
  const made = (await registry.subscription(added.id)) ?? added;
  return { ...answerOf(made, secrets.secret), outcome: 'created', path: `Subscription/${made.id}` };
}

/** What the body leaves out is no more; but the secret stays. */
async function update(dependencies: Dependencies, request: UpdateRequest): Promise<Answer> {
  const { registry, clock } = dependencies;
  const { id, ifVersion, context } = request;
  const wanted = incomingSubscription(request.body);
  refuseOtherId('Subscription', wanted.id, id);
  for (let attempt = 1; ; attempt += 1) {
    const found = await existing(registry, id, context);
    if (ifVersion !== null && ifVersion !== found.version) throw otherVersion(ifVersion, found.version);
    const known = dependencies.secrets.open(found.sealed);
    // What cannot be opened is lost, and whoever changes the subscription is told another secret.
    const made = known ? null : newSecret();
    const secrets = {
      secret: known?.secret ?? made ?? '',
      headers: headersOf(wanted, known && { ...found, headers: known.headers }),
    };
    const { owner, organizationId } = found;
    const terms = { ...(await termsOf(dependencies, wanted, context, secrets)), owner, organizationId };
    const at = clock.now();
    const changed = await registry.changeSubscription(
      id,
      found.version,
      { ...terms, status: wanted.status },
      at,
    );
    if (changed) {
      await registry.activateSubscriptions(at);
      return answerOf((await registry.subscription(id)) ?? changed, made);
    }
    if (attempt === ATTEMPTS_MAX) throw new Error('a subscription changes all the time');
  }
}

const newSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;

type Known = Pick<Subscription, 'endpoint'> & Pick<SubscriptionSecrets, 'headers'>;

/** A masked value is the one that is known, and of the same endpoint only: another could learn it so. @throws Refused */
function headersOf(wanted: ReadSubscription, known: Known | null): SubscriptionSecrets['headers'] {
  return wanted.headers.map(({ name, value }, index) => {
    if (value !== null) return { name, value };
    const before = known?.headers.find((each) => each.name.toLowerCase() === name.toLowerCase());
    if (before && known?.endpoint === wanted.endpoint) return { name, value: before.value };
    throw new Refused('invalid-resource', {
      code: 'value',
      diagnostics: {
        fr: 'la valeur de ce champ n’est pas connue pour cette cible : envoyez-la',
        en: 'the value of this field is not known for this target: send it',
      },
      expression: `Subscription.channel.header[${index}]`,
    });
  });
}

/** @throws Refused on criteria that are no search here, and on a target that may not be called. */
async function termsOf(
  { criteria, targetProblem, secrets: seal }: Dependencies,
  wanted: ReadSubscription,
  { base, caller }: Context,
  secrets: SubscriptionSecrets,
): Promise<SubscriptionTerms> {
  const checked = await criteria.check(wanted.criteria, base, caller);
  if ('refused' in checked) {
    throw new Refused(
      'invalid-resource',
      checked.refused.map((issue) => ({ ...issue, expression: 'Subscription.criteria' })),
    );
  }
  const problem = await targetProblem(wanted.endpoint);
  if (problem !== null) {
    const diagnostics = TARGETS[problem];
    const expression = 'Subscription.channel.endpoint';
    throw new Refused('invalid-resource', { code: 'business-rule', diagnostics, expression });
  }
  const { reason, contact, end, endpoint, payload } = wanted;
  return {
    resourceType: checked.type,
    criteria: wanted.criteria,
    base,
    endpoint,
    payload,
    reason,
    contact,
    end,
    headers: secrets.headers.map(({ name }) => name),
    sealed: seal.close(secrets),
    owner: nameOf(caller),
    organizationId: caller.organizationId,
  };
}

const TARGETS: Readonly<Record<TargetProblem, Bilingual>> = {
  'forbidden-address': {
    fr: 'cette cible n’est pas publique, et la configuration ne la permet pas (subscriptions.allowedTargets)',
    en: 'this target is not public, and the configuration does not allow it (subscriptions.allowedTargets)',
  },
  'not-https': {
    fr: 'une cible est appelée par https, sauf celles que la configuration permet (subscriptions.allowedTargets)',
    en: 'a target is called by https, but for those that the configuration allows (subscriptions.allowedTargets)',
  },
  'unknown-host': { fr: 'cet hôte n’a pas d’adresse', en: 'this host has no address' },
};

function otherVersion(asked: number, is: number): Refused {
  return new Refused('version-mismatch', {
    diagnostics: {
      fr: `If-Match nomme la version ${asked} et c’est la version ${is} : relisez-le`,
      en: `If-Match names version ${asked} and it is at version ${is}: read it again`,
    },
    expression: 'Subscription.meta.versionId',
  });
}
