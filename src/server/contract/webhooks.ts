import { z } from 'zod';
import { json, route } from './route.ts';

export const takeDelivery = route({
  method: 'post',
  path: '/webhooks/:connection',
  id: 'takeDelivery',
  tag: 'webhooks',
  summary: 'A delivery of a platform',
  description: 'Of whatever media type the platform has, signed over its raw bytes as the platform signs.',
  access: 'anybody',
  params: { connection: 'Id of the connection.' },
  answers: {
    202: json(z.strictObject({ status: z.literal('accepted') }), 'Taken; what it means is read later.'),
  },
});
