import { z } from 'zod';
import { count, Failed, Instant } from './common.ts';
import { json, ndjson, other, route } from './route.ts';

export const listKeys = route({
  method: 'get',
  path: '/api/keys',
  id: 'listKeys',
  tag: 'upkeep',
  summary: 'Which keys there are, never what they are',
  access: 'administer',
  ofAll: true,
  answers: {
    200: json(
      z
        .strictObject({
          keys: z.array(
            z.strictObject({
              id: z.int(),
              kind: z.enum(['data', 'hash', 'legacy']),
              wrappedBy: z.string().meta({ description: 'A check value of the key that wrapped it.' }),
              state: z.enum(['next', 'current', 'former']),
              values: count.meta({ description: 'Values in the database that name it.' }),
              createdAt: Instant,
              activeAt: Instant,
            }),
          ),
        })
        .meta({ id: 'Keys' }),
      'All of them.',
    ),
  },
});

const rotation = {
  sealed: count,
  hashed: count,
  left: count.meta({ description: 'What could not be opened, and stays as it is.' }),
};

export const RotationLine = z
  .union([
    z.strictObject({ type: z.literal('progress'), ...rotation }),
    z.strictObject({ type: z.literal('result'), outcome: z.literal('done'), ...rotation }),
    Failed,
  ])
  .meta({ id: 'RotationLine' });

export const rotateKeys = route({
  method: 'post',
  path: '/api/keys/rotate',
  id: 'rotateKeys',
  tag: 'upkeep',
  summary: 'Make new keys, and seal everything anew with them',
  access: 'administer',
  ofAll: true,
  answers: { 200: ndjson(RotationLine, 'A line for each step, then one with the result.') },
});

export const takeBackup = route({
  method: 'get',
  path: '/api/backup',
  id: 'takeBackup',
  tag: 'upkeep',
  summary: 'The embedded database, as passerelle restore takes it',
  access: 'administer',
  ofAll: true,
  answers: {
    200: other(
      'application/octet-stream',
      z.string().meta({ contentMediaType: 'application/octet-stream' }),
      'As long as Content-Length says.',
    ),
  },
});
