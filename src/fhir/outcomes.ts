import type { OperationOutcome, OperationOutcomeIssue } from 'fhir/r4.js';
import { inOther } from '../../mappings/fhir/bilingual.ts';
import type { Bilingual } from '../domain/schedule.ts';
import type { Language } from './language.ts';

/** Every refusal of this front: its HTTP status, its FHIR IssueType, and what it is called. */

export type IssueCode = OperationOutcomeIssue['code'];

type Row = { readonly status: number; readonly code: IssueCode; readonly title: Bilingual };

const row = (status: number, code: IssueCode, fr: string, en: string): Row => ({
  status,
  code,
  title: { fr, en },
});

export const OUTCOMES = {
  'malformed-json': row(400, 'structure', 'Le corps n’est pas du JSON valide', 'The body is not valid JSON'),
  'wrong-resource': row(400, 'structure', 'Ressource inattendue', 'Unexpected resource'),
  'invalid-parameter': row(400, 'value', 'Paramètre invalide', 'Invalid parameter'),
  'unknown-parameter': row(400, 'not-supported', 'Paramètre inconnu', 'Unknown parameter'),
  'invalid-cursor': row(400, 'value', 'Lien de page invalide', 'Invalid page link'),
  'bad-request': row(400, 'invalid', 'Requête invalide', 'Invalid request'),
  unauthenticated: row(401, 'login', 'Authentification requise', 'Authentication required'),
  forbidden: row(403, 'forbidden', 'Accès refusé', 'Access denied'),
  'unknown-type': row(404, 'not-supported', 'Type de ressource non offert', 'Resource type not offered'),
  'not-found': row(404, 'not-found', 'Introuvable', 'Not found'),
  'not-allowed': row(405, 'not-supported', 'Opération non offerte', 'Interaction not offered'),
  'not-acceptable': row(406, 'not-supported', 'Format non offert', 'Format not offered'),
  'slot-taken': row(409, 'conflict', 'La plage n’est plus libre', 'The slot is no longer free'),
  'patch-conflict': row(409, 'conflict', 'La modification ne s’applique pas', 'The patch does not apply'),
  'not-held': row(409, 'conflict', 'Rendez-vous non retenu', 'Appointment not held'),
  'slot-not-released': row(
    409,
    'business-rule',
    'Plage pas encore offerte',
    'The slot may not be booked yet',
  ),
  'slot-not-offered': row(409, 'business-rule', 'Horaire pas offert', 'The schedule is not on offer'),
  'conflict-settled': row(
    409,
    'conflict',
    'Le conflit n’est plus ouvert',
    'The conflict is not open any more',
  ),
  'task-not-so': row(409, 'conflict', 'La tâche n’en est pas là', 'The task is not in that state'),
  'slot-duplicate': row(409, 'duplicate', 'Plage déjà offerte', 'Slot already on offer'),
  'status-contradicted': row(
    409,
    'conflict',
    'Statut contredit par l’agenda',
    'Status contradicted by the agenda',
  ),
  'configuration-not-editable': row(
    409,
    'business-rule',
    'Configuration non modifiable d’ici',
    'Configuration not editable from here',
  ),
  gone: row(410, 'deleted', 'N’existe plus', 'Gone'),
  'version-mismatch': row(412, 'conflict', 'La version a changé', 'The version has changed'),
  'several-matches': row(412, 'multiple-matches', 'Plusieurs correspondances', 'Several matches'),
  'too-large': row(413, 'too-long', 'Requête trop volumineuse', 'Request too large'),
  'wrong-media-type': row(415, 'not-supported', 'Type de contenu non offert', 'Media type not offered'),
  'invalid-resource': row(422, 'invalid', 'Ressource invalide', 'Invalid resource'),
  'list-not-taken': row(422, 'invalid', 'Liste non prise', 'List not taken'),
  'unknown-slot': row(422, 'not-found', 'Plage inconnue', 'Unknown slot'),
  'slot-not-editable': row(422, 'business-rule', 'Plage non modifiable d’ici', 'Slot not editable from here'),
  'slot-differs': row(422, 'business-rule', 'La plage a changé', 'The slot is not what was asked for'),
  'not-bookable': row(422, 'business-rule', 'Plage non réservable d’ici', 'Not bookable from here'),
  'not-cancellable': row(
    422,
    'business-rule',
    'Rendez-vous non annulable d’ici',
    'Not cancellable from here',
  ),
  'too-late-to-cancel': row(
    422,
    'business-rule',
    'Délai d’annulation dépassé',
    'Too late to cancel from here',
  ),
  'too-late-to-move': row(422, 'business-rule', 'Délai de déplacement dépassé', 'Too late to move from here'),
  'not-movable': row(422, 'business-rule', 'Rendez-vous non déplaçable d’ici', 'Not movable from here'),
  'change-not-offered': row(422, 'not-supported', 'Modification non offerte', 'Change not offered'),
  'too-many-subscriptions': row(422, 'business-rule', 'Trop d’abonnements', 'Too many subscriptions'),
  'version-required': row(428, 'required', 'Version exigée', 'Version required'),
  'too-many-requests': row(429, 'throttled', 'Trop de requêtes', 'Too many requests'),
  'too-many-streams': row(429, 'throttled', 'Trop de flux ouverts', 'Too many streams are open'),
  failed: row(500, 'exception', 'Erreur interne', 'Internal error'),
  'not-audited': row(503, 'transient', 'Consignation impossible', 'Access could not be recorded'),
  'no-sheet': row(503, 'transient', 'Aucune feuille de relève', 'No contingency sheet'),
  unavailable: row(503, 'transient', 'Plateforme injoignable', 'Platform not reachable'),
} as const satisfies Record<string, Row>;

export type OutcomeName = keyof typeof OUTCOMES;

export type Issue = {
  /** What is wrong, where, and what to do; never a value that a patient gave. */
  readonly diagnostics: Bilingual;
  /** FHIRPath of the element, or `http.<parameter>` of a search parameter (R4, OperationOutcome.issue.expression). */
  readonly expression?: string;
  /** Left out = error. */
  readonly severity?: OperationOutcomeIssue['severity'];
  /** In place of the table's, where one refusal has several causes. */
  readonly code?: IssueCode;
};

/** A request that is not done. Thrown by whoever finds out, turned into an answer at the rim. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly outcome: OutcomeName;
  readonly issues: readonly Issue[];
  /** HTTP headers by which some statuses explain themselves (Retry-After, Allow, WWW-Authenticate). */
  readonly headers: Readonly<Record<string, string>>;
  /** Told in a Bundle that has nothing else. */
  readonly isInBundle: boolean;

  constructor(
    outcome: OutcomeName,
    issues: Issue | readonly Issue[],
    headers: Readonly<Record<string, string>> = {},
    isInBundle = false,
  ) {
    super(outcome);
    this.outcome = outcome;
    this.issues = 'diagnostics' in issues ? [issues] : issues;
    this.headers = headers;
    this.isInBundle = isInBundle;
  }

  inBundle(): Refused {
    return new Refused(this.outcome, this.issues, this.headers, true);
  }
}

/** Of an error that nobody foresaw. @param id under which the log has it. */
export const failed = (id: string): Refused =>
  new Refused('failed', {
    diagnostics: {
      fr: `le serveur a échoué; son journal l’a sous ${id}`,
      en: `the server failed; its log has it under ${id}`,
    },
  });

/** In the caller's language; what the refusal is called is in the other one as well. */
export const operationOutcome = (
  severity: OperationOutcomeIssue['severity'],
  outcome: OutcomeName,
  issues: readonly Issue[],
  language: Language,
): OperationOutcome => ({
  resourceType: 'OperationOutcome',
  language,
  issue: issues.map(({ diagnostics, expression, code, severity: own }) => ({
    severity: own ?? severity,
    code: code ?? OUTCOMES[outcome].code,
    details: { text: OUTCOMES[outcome].title[language], _text: inOther(OUTCOMES[outcome].title, language) },
    diagnostics: diagnostics[language],
    ...(expression === undefined ? {} : { expression: [expression] }),
  })),
});

/** A warning among the results of a search that was answered all the same. */
export const warning = (
  issue: Issue & { readonly code: IssueCode },
  language: Language,
): OperationOutcome => ({
  resourceType: 'OperationOutcome',
  language,
  issue: [
    {
      severity: 'warning',
      code: issue.code,
      diagnostics: issue.diagnostics[language],
      ...(issue.expression === undefined ? {} : { expression: [issue.expression] }),
    },
  ],
});
