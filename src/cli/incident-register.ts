import { z } from 'zod';
import { INCIDENT_FIELDS, type IncidentStatement } from '../domain/incident.ts';

/** The register of incidents as a table (R-22.1, r. 1, s. 15), for who keeps it in a spreadsheet. */

const text = z.string().nullable();
const Facts = z.object({
  agent: z.string(),
  name: text,
  from: z.string(),
  before: z.string(),
  records: z.number(),
  byType: z.record(z.string(), z.number()),
  firstAt: text,
  lastAt: text,
  addresses: z.array(z.string()),
  patients: z.array(z.string()),
  appointments: z.array(z.string()),
});
type Facts = z.output<typeof Facts>;

export const Incidents = z.object({
  incidents: z.array(
    z.looseObject({
      id: z.string(),
      version: z.number(),
      writtenAt: z.string(),
      writtenBy: z.string(),
      ...(Object.fromEntries(INCIDENT_FIELDS.map((name) => [name, text])) as Record<
        keyof IncidentStatement,
        typeof text
      >),
      facts: Facts.nullable(),
    }),
  ),
});
type Incident = z.output<typeof Incidents>['incidents'][number];

/** What the person responsible still has to say, and what they have to look at before it is said. */
const TO_FILL = '[à remplir]';
const TO_CONFIRM = '[à confirmer]';

const TITLES: Readonly<Record<keyof IncidentStatement, string>> = {
  information: 'Renseignements visés',
  circumstances: 'Circonstances de l’incident',
  occurred: 'Date ou période de l’incident',
  awareOn: 'Date de prise de connaissance',
  persons: 'Nombre de personnes concernées',
  risk: 'Risque de préjudice sérieux : éléments du raisonnement',
  noticeToMinister: 'Date de l’avis au ministre',
  noticeToCommission: 'Date de l’avis à la Commission d’accès à l’information',
  noticeToPersons: 'Date des avis aux personnes concernées',
  measures: 'Mesures prises',
};

const SUGGESTED: Readonly<Partial<Record<keyof IncidentStatement, (facts: Facts) => string>>> = {
  information: (facts) => {
    const { patients, appointments } = facts;
    return `${patients.length} fiches de patients et ${appointments.length} rendez-vous (références plus loin)${unread(facts)}`;
  },
  occurred: ({ firstAt, lastAt }) => `du ${firstAt} au ${lastAt}`,
  persons: (facts) => `${facts.patients.length}${unread(facts)}`,
};

/** Whom these name the log does not know: `rejected --raw`. */
function unread({ byType }: Facts): string {
  const times = byType['rejected.opened'] ?? 0;
  return times === 0 ? '' : `, et qui est nommé dans les fiches illisibles, ouvertes ${times} fois`;
}

type Column = { readonly title: string; readonly of: (incident: Incident) => string };

const fact =
  (of: (facts: Facts) => string) =>
  ({ facts }: Incident): string =>
    facts ? of(facts) : '';

const COLUMNS: readonly Column[] = [
  { title: 'Incident', of: ({ id }) => id },
  { title: 'Version', of: ({ version }) => String(version) },
  { title: 'Inscrit le', of: ({ writtenAt }) => writtenAt },
  { title: 'Inscrit par', of: ({ writtenBy }) => writtenBy },
  ...INCIDENT_FIELDS.map((name) => ({
    title: TITLES[name],
    of: (incident: Incident) => incident[name] ?? unsaid(name, incident.facts),
  })),
  {
    title: 'Journal : qui a accédé',
    of: fact(({ agent, name }) => (name === null ? agent : `${agent} (${name})`)),
  },
  { title: 'Journal : période examinée', of: fact(({ from, before }) => `${from} – ${before}`) },
  { title: 'Journal : nombre d’enregistrements', of: fact(({ records }) => String(records)) },
  { title: 'Journal : premier accès', of: fact(({ firstAt }) => firstAt ?? '') },
  { title: 'Journal : dernier accès', of: fact(({ lastAt }) => lastAt ?? '') },
  { title: 'Journal : adresses', of: fact(({ addresses }) => addresses.join(' ')) },
  { title: 'Journal : personnes', of: fact(({ patients }) => patients.join(' ')) },
  { title: 'Journal : rendez-vous', of: fact(({ appointments }) => appointments.join(' ')) },
];

function unsaid(name: keyof IncidentStatement, facts: Facts | null): string {
  const suggested = facts && facts.records > 0 ? SUGGESTED[name]?.(facts) : undefined;
  return suggested === undefined ? TO_FILL : `${TO_CONFIRM} ${suggested}`;
}

const BYTE_ORDER_MARK = '\uFEFF';

/**
 * RFC 4180 with the semicolon that Excel takes where the decimal mark is a comma, as in French; the mark in front is by which it
 * knows UTF-8.
 */
export function incidentTable(incidents: readonly Incident[]): string {
  const rows = [
    COLUMNS.map(({ title }) => title),
    ...incidents.map((incident) => COLUMNS.map(({ of }) => of(incident))),
  ];
  return BYTE_ORDER_MARK + rows.map((row) => `${row.map(cell).join(';')}\r\n`).join('');
}

/** A spreadsheet takes what begins like this for a formula, and runs it. */
const FORMULA = /^[=+\-@\t\r]/;

const cell = (value: string): string => {
  const plain = FORMULA.test(value) ? `'${value}` : value;
  return /[";\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
};
