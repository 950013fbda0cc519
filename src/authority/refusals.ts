import { Refused } from '../fhir/outcomes.ts';

/** What is not published, and why. */

export const unknownFile = (): Refused =>
  new Refused('not-found', {
    diagnostics: {
      fr: 'aucun fichier publié n’a ce nom : ceux qui existent sont dans le manifeste, à $bulk-publish',
      en: 'no published file has this name: those that there are stand in the manifest, at $bulk-publish',
    },
  });

export const notRead = (): Refused =>
  new Refused(
    'not-allowed',
    {
      diagnostics: {
        fr: 'ce qui est publié ne peut qu’être lu : GET, HEAD',
        en: 'what is published can only be read: GET, HEAD',
      },
    },
    { allow: 'GET, HEAD' },
  );

export const notOffered = (type: string): Refused =>
  new Refused('not-acceptable', {
    diagnostics: {
      fr: `Accept : seul ${type} est offert ici`,
      en: `Accept: only ${type} is offered here`,
    },
    expression: 'http.Accept',
  });

export const invalidSince = (): Refused =>
  new Refused('invalid-parameter', {
    diagnostics: {
      fr: '_since : un instant avec secondes et décalage, tel le transactionTime d’un manifeste (2026-11-24T09:00:00-05:00)',
      en: '_since: an instant with seconds and offset, such as a manifest’s transactionTime (2026-11-24T09:00:00-05:00)',
    },
    expression: 'http._since',
  });

export const invalidProfile = (): Refused =>
  new Refused('invalid-parameter', {
    diagnostics: {
      fr: '_profile : ssl (l’ébauche de 2026), ou rien (la spécification de 2021)',
      en: '_profile: ssl (the draft of 2026), or nothing (the specification of 2021)',
    },
    expression: 'http._profile',
  });

export const repeated = (name: string): Refused =>
  new Refused('invalid-parameter', {
    diagnostics: { fr: `${name} : une seule fois`, en: `${name}: once only` },
    expression: `http.${name}`,
  });

export const unknownParameter = (offered: readonly string[]): Refused =>
  new Refused('unknown-parameter', {
    diagnostics: {
      fr: `paramètres offerts ici : ${offered.join(', ')}`,
      en: `parameters offered here: ${offered.join(', ')}`,
    },
  });
