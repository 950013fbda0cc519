import type { Redis } from 'ioredis';

/**
 * Bull takes a job whose id exists for a duplicate and drops it, whatever its time and also while it runs. A wake must
 * not be lost so, hence this script: in one step it looks where the job is and does what the wake asks for.
 * - delayed to a later time: brought forward, which the workers hear of as of any delayed job;
 * - in line: it will run soon enough;
 * - active: it may have read its data before the wake, so a mark says when it is to run again;
 * - nowhere, though its data is there (a crash of Redis between two writes): forgotten, so that its id is of use again.
 * The layout of the keys is Bull 4's (lib/commands/addJob-6.lua, moveToActive-8.lua).
 *
 * KEYS wait, delayed, paused, active, again, job
 * ARGV job id, due (epoch ms), whether to mark an active job (1 or 0)
 * Answers `absent` when the job is to be added, else what it found.
 */
const SCRIPT = `
local wait, delayed, paused, active, again, job = unpack(KEYS)
local id, due, mark = ARGV[1], tonumber(ARGV[2]), ARGV[3]
if redis.call('EXISTS', job) == 0 then return 'absent' end
local score = redis.call('ZSCORE', delayed, id)
if score then
  if math.floor(tonumber(score) / 4096) <= due then return 'delayed' end
  redis.call('ZADD', delayed, string.format('%.0f', due * 4096), id)
  redis.call('PUBLISH', delayed, string.format('%.0f', due))
  return 'forward'
end
if redis.call('LPOS', wait, id) or redis.call('LPOS', paused, id) then return 'waiting' end
if redis.call('LPOS', active, id) then
  if mark == '1' then
    local before = tonumber(redis.call('HGET', again, id) or '')
    if not before or due < before then redis.call('HSET', again, id, string.format('%.0f', due)) end
  end
  return 'active'
end
redis.call('DEL', job)
return 'absent'
`;

export type Found = 'absent' | 'delayed' | 'forward' | 'waiting' | 'active';

export type PlaceJob = (
  queueKey: (name: string) => string,
  job: { readonly id: string; readonly dueMs: number; readonly markActive: boolean },
) => Promise<Found>;

/** Needs Redis 6.0.6 (LPOS). Rejects when Redis cannot be reached. */
export function createPlaceJob(redis: Redis): PlaceJob {
  return async (queueKey, { id, dueMs, markActive }) => {
    const names = ['wait', 'delayed', 'paused', 'active', 'again', id];
    const answer = await redis.eval(
      SCRIPT,
      names.length,
      ...names.map(queueKey),
      id,
      dueMs,
      markActive ? 1 : 0,
    );
    return answer as Found;
  };
}

/** The time at which a job that was woken while active is to run again, epoch ms, or null; it is forgotten at once. */
export async function takeMark(
  redis: Redis,
  queueKey: (name: string) => string,
  id: string,
): Promise<number | null> {
  const [answer] = (await redis.multi().hget(queueKey('again'), id).hdel(queueKey('again'), id).exec()) ?? [];
  const due = answer?.[1];
  return typeof due === 'string' ? Number(due) : null;
}
