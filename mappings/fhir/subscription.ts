import type { Subscription as R4Subscription } from 'fhir/r4.js';
import { formatInstant } from '../../src/domain/instant.ts';
import type { Bilingual } from '../../src/domain/schedule.ts';
import type { Subscription, Trouble } from '../../src/engine/ports/subscriptions.ts';
import { inEnglish } from './bilingual.ts';
import { EXTENSION } from './canonical.ts';

/** What stands in place of a header's value. Sent back, it means the value that is known already. */
export const MASK = '********';

/** @param secret shown where it was made just now; null = it is not shown. */
export const subscriptionResource = (subscription: Subscription, secret: string | null): R4Subscription => ({
  resourceType: 'Subscription',
  id: subscription.id,
  meta: { versionId: String(subscription.version), lastUpdated: formatInstant(subscription.updatedAt) },
  status: subscription.status,
  ...(subscription.contact === null ? {} : { contact: JSON.parse(subscription.contact) }),
  ...(subscription.end === null ? {} : { end: formatInstant(subscription.end) }),
  reason: subscription.reason,
  criteria: subscription.criteria,
  ...errorOf(subscription.trouble),
  channel: {
    ...(secret === null ? {} : { extension: [{ url: EXTENSION.webhookSecret, valueString: secret }] }),
    type: 'rest-hook',
    endpoint: subscription.endpoint,
    ...(subscription.payload === null ? {} : { payload: subscription.payload }),
    ...(subscription.headers.length === 0
      ? {}
      : { header: subscription.headers.map((name) => `${name}: ${MASK}`) }),
  },
});

function errorOf(trouble: Trouble | null): Pick<R4Subscription, 'error' | '_error'> {
  if (trouble === null) return {};
  const text = troubleText(trouble);
  return { error: text.fr, _error: inEnglish(text) };
}

function troubleText(trouble: Trouble): Bilingual {
  switch (trouble.kind) {
    case 'status':
      return {
        fr: `la cible a répondu HTTP ${trouble.status}`,
        en: `the target answered HTTP ${trouble.status}`,
      };
    case 'unreachable':
      return {
        fr: `la cible n’a pas pu être jointe : ${trouble.code}`,
        en: `the target could not be reached: ${trouble.code}`,
      };
    case 'gone':
      return {
        fr: 'la cible a répondu HTTP 410 : elle ne veut plus rien recevoir',
        en: 'the target answered HTTP 410: it wants to hear no more',
      };
    case 'redirect':
      return {
        fr: 'la cible renvoie ailleurs : mettez la nouvelle adresse dans channel.endpoint',
        en: 'the target redirects: put the new address into channel.endpoint',
      };
    case 'timeout':
      return { fr: 'la cible n’a pas répondu à temps', en: 'the target did not answer in time' };
    case 'forbidden-address':
      return {
        fr: 'la cible a une adresse qui ne peut pas être appelée d’ici',
        en: 'the target has an address that may not be called from here',
      };
    case 'backlog':
      return {
        fr: 'trop de changements attendaient : demandez l’abonnement à nouveau, puis cherchez',
        en: 'too many changes waited: request the subscription again, then search',
      };
    case 'owner':
      return {
        fr: 'qui l’a créé n’a plus accès : son jeton est échu ou révoqué, ou la personne est écartée',
        en: 'who made it has no access any more: its token has expired or was revoked, or the person is shut out',
      };
    case 'criteria':
      return { fr: 'la recherche de criteria est refusée', en: 'the search of criteria is refused' };
    case 'sealed':
      return {
        fr: 'le secret a été scellé avec une autre clé : supprimez l’abonnement et créez-le à nouveau',
        en: 'the secret was sealed with another key: delete the subscription and create it anew',
      };
  }
}
