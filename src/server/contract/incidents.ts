import { z } from 'zod';
import { INCIDENT_FIELDS, type IncidentStatement } from '../../domain/incident.ts';
import { count, Instant } from './common.ts';
import { json, route } from './route.ts';

/** The same of each field of the register. */
const fields = <S extends z.ZodType>(each: S) =>
  Object.fromEntries(INCIDENT_FIELDS.map((name) => [name, each])) as Record<keyof IncidentStatement, S>;

const Facts = z.strictObject({
  agent: z.string(),
  name: z.string().nullable(),
  from: Instant,
  before: Instant,
  records: count,
  firstAt: Instant.nullable(),
  lastAt: Instant.nullable(),
  firstRecord: z.int().optional(),
  lastRecord: z.int().optional(),
  byType: z.record(z.string(), count),
  addresses: z.array(z.string()),
  patients: z.array(z.string()),
  appointments: z.array(z.string()),
  persons: count,
});

export const Incident = z
  .strictObject({
    id: z.uuid(),
    version: z.int().min(1),
    writtenAt: Instant,
    writtenBy: z.string(),
    ...fields(z.string().nullable()),
    toFill: z
      .array(z.enum(INCIDENT_FIELDS))
      .meta({ description: 'What is still to be said by the person responsible.' }),
    facts: Facts.nullable().meta({ description: 'What the audit log told when it was written down.' }),
  })
  .meta({ id: 'Incident' });

export const listIncidents = route({
  method: 'get',
  path: '/api/incidents',
  id: 'listIncidents',
  tag: 'privacy',
  summary: 'The register of incidents of confidentiality',
  access: 'administer',
  ofAll: true,
  answers: {
    200: json(z.strictObject({ incidents: z.array(Incident) }).meta({ id: 'Incidents' }), 'All of them.'),
  },
});

const IncidentReport = z
  .strictObject({
    id: z
      .uuid()
      .optional()
      .meta({ description: 'Of one that is there: what is said now is added to what was said.' }),
    ...fields(z.string().trim().min(1).max(10_000).optional()),
    access: z
      .strictObject({
        agent: z
          .string()
          .max(500)
          .regex(/^\P{Cc}*$/u),
        from: z.string(),
        before: z.string(),
      })
      .optional()
      .meta({ description: 'Whose accesses are looked up, and when.' }),
  })
  .meta({ id: 'IncidentReport' });

export type IncidentReport = z.output<typeof IncidentReport>;

export const recordIncident = route({
  method: 'post',
  path: '/api/incidents',
  id: 'recordIncident',
  tag: 'privacy',
  summary: 'Write an incident down, or add to one',
  access: 'administer',
  ofAll: true,
  body: {
    schema: IncidentReport,
    otherKeys: {
      fr: `une clé n’est pas prise ici : id, access, ${INCIDENT_FIELDS.join(', ')}`,
      en: `there is a key that is not taken here: id, access, ${INCIDENT_FIELDS.join(', ')}`,
    },
  },
  answers: { 201: json(Incident, 'As it is now.') },
});
