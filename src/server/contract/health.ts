import { z } from 'zod';
import { Bilingual } from './common.ts';
import { json, other, route } from './route.ts';

export const ConnectionReadiness = z.strictObject({
  id: z.string(),
  platform: z.string(),
  title: Bilingual,
  ready: z.boolean(),
  reasons: z.array(z.string()).meta({ description: 'What keeps it from being ready; empty when it is.' }),
});

export const healthz = route({
  method: 'get',
  path: '/healthz',
  id: 'isAlive',
  tag: 'health',
  summary: 'Whether the process answers',
  access: 'anybody',
  answers: { 200: json(z.strictObject({ status: z.literal('ok') }), 'It does.') },
});

const Ready = z
  .strictObject({
    ready: z.boolean(),
    reasons: z
      .array(z.string())
      .optional()
      .meta({ description: 'What keeps all of it from being ready: nothing is configured yet.' }),
    connections: z
      .array(ConnectionReadiness)
      .optional()
      .meta({ description: 'Left out where several organizations share the gateway.' }),
  })
  .meta({ id: 'Readiness' });

export const readyz = route({
  method: 'get',
  path: '/readyz',
  id: 'isReady',
  tag: 'health',
  summary: 'Whether every connection can be relied on',
  access: 'anybody',
  answers: { 200: json(Ready, 'All of them can.'), 503: json(Ready, 'Not all of them, and why.') },
});

export const metrics = route({
  method: 'get',
  path: '/metrics',
  id: 'readMetrics',
  tag: 'health',
  summary: 'Figures for Prometheus',
  access: 'status',
  ofAll: true,
  answers: { 200: other('text/plain', z.string(), 'Text exposition format 0.0.4.') },
});

export const describeApi = route({
  method: 'get',
  path: '/api/openapi.json',
  id: 'describeApi',
  tag: 'health',
  summary: 'This description',
  access: 'anybody',
  answers: {
    200: json(
      z.looseObject({ openapi: z.string() }).meta({ description: 'An OpenAPI 3.1 document.' }),
      'The routes of this version; it says nothing of the clinic.',
    ),
  },
});
