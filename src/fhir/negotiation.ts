import { Refused } from './outcomes.ts';

/** Which of the two names of FHIR JSON an answer carries (R4, http.html, 3.1.0.1.11). XML and RDF are not offered. */

export const FHIR_JSON = 'application/fhir+json';
export const JSON_PATCH = 'application/json-patch+json';
export type MediaType = typeof FHIR_JSON | 'application/json';

// No object: a client may ask for `constructor`, and an object has one.
const BY_NAME: ReadonlyMap<string, MediaType> = new Map([
  ['application/fhir+json', FHIR_JSON],
  ['application/json+fhir', FHIR_JSON],
  ['application/json', 'application/json'],
  ['text/json', 'application/json'],
  ['*/*', FHIR_JSON],
  ['application/*', FHIR_JSON],
]);

/**
 * @param accept the header, or undefined: then anything will do.
 * @param format `_format`, which wins over the header; null = not given.
 * @throws Refused when neither names JSON.
 */
export function negotiate(accept: string | undefined, format: string | null): MediaType {
  if (format !== null) {
    // An unescaped + in a URL arrives as a space.
    const found = format === 'json' ? FHIR_JSON : BY_NAME.get(bare(format).replace('fhir json', 'fhir+json'));
    if (found) return found;
    throw new Refused('not-acceptable', {
      diagnostics: {
        fr: '_format : seul json (application/fhir+json, application/json) est offert',
        en: '_format: only json (application/fhir+json, application/json) is offered',
      },
      expression: 'http._format',
    });
  }
  if (accept === undefined || accept === FHIR_JSON || accept === '*/*') return FHIR_JSON;
  let best: { readonly type: MediaType; readonly quality: number } | null = null;
  for (const range of accept.split(',')) {
    const type = BY_NAME.get(bare(range));
    const quality = Number(/;\s*q=([0-9.]+)/i.exec(range)?.[1] ?? 1);
    if (type && isR4(range) && quality > (best?.quality ?? 0)) best = { type, quality };
  }
  if (best) return best.type;
  throw new Refused('not-acceptable', {
    diagnostics: {
      fr: 'Accept : seuls application/fhir+json (version 4.0) et application/json sont offerts',
      en: 'Accept: only application/fhir+json (version 4.0) and application/json are offered',
    },
    expression: 'http.Accept',
  });
}

/** @throws Refused unless the body says that it is JSON. */
export function requireJson(contentType: string | undefined): void {
  const type = contentType === undefined ? undefined : BY_NAME.get(bare(contentType));
  if (type && !contentType?.includes('*') && isR4(contentType ?? '')) return;
  throw new Refused('wrong-media-type', {
    diagnostics: {
      fr: 'Content-Type : envoyez application/fhir+json',
      en: 'Content-Type: send application/fhir+json',
    },
    expression: 'http.Content-Type',
  });
}

/** @throws Refused unless the body says that it is a JSON Patch: of R4's three kinds only this one is offered. */
export function requireJsonPatch(contentType: string | undefined, expression = 'http.Content-Type'): void {
  if (contentType !== undefined && bare(contentType) === JSON_PATCH) return;
  throw new Refused(
    'wrong-media-type',
    {
      diagnostics: {
        fr: `une modification s’envoie en JSON Patch, ${JSON_PATCH}; ni XML Patch ni FHIRPath Patch ne sont offerts`,
        en: `a patch is sent as JSON Patch, ${JSON_PATCH}; neither XML Patch nor FHIRPath Patch is offered`,
      },
      expression,
    },
    // RFC 5789, section 2.2.
    { 'accept-patch': JSON_PATCH },
  );
}

/** @throws Refused unless the body says that it is a form. */
export function requireForm(contentType: string | undefined): void {
  if (contentType !== undefined && bare(contentType) === 'application/x-www-form-urlencoded') return;
  throw new Refused('wrong-media-type', {
    diagnostics: {
      fr: 'Content-Type : envoyez application/x-www-form-urlencoded',
      en: 'Content-Type: send application/x-www-form-urlencoded',
    },
    expression: 'http.Content-Type',
  });
}

/** @param accepted Accept-Encoding (RFC 9110, section 12.5.3), or undefined: then nothing but the text itself. */
export const takesGzip = (accepted: string | undefined): boolean =>
  (accepted ?? '').split(',').some((each) => {
    const [coding = '', ...parameters] = each.split(';').map((part) => part.trim().toLowerCase());
    return ['gzip', 'x-gzip', '*'].includes(coding) && !parameters.some((part) => /^q=0(\.0*)?$/.test(part));
  });

const bare = (type: string): string => (type.split(';')[0] ?? '').trim().toLowerCase();

/** The parameter fhirVersion, if it is there (R4, http.html, 3.1.0.1.12). */
const isR4 = (type: string): boolean =>
  (/;\s*fhirVersion=([^;]*)/i.exec(type)?.[1] ?? '4.0').trim() === '4.0';
