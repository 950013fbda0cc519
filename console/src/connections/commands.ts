import { linesIn } from '../api/ndjson.ts';
import { answerTo, send } from '../api/send.ts';
import type { SyncLine } from './model.ts';

const pathOf = (id: string): string => `/api/connections/${encodeURIComponent(id)}`;

export type Progress = Extract<SyncLine, { type: 'progress' }>;
export type Result = Extract<SyncLine, { type: 'result' }>;

/**
 * Reads all of a connection now. It goes on at the gateway when nobody listens any more.
 * @returns null where the answer was cut before it said how it ended. @throws Problem
 */
export async function synchronize(id: string, onProgress: (step: Progress) => void): Promise<Result | null> {
  const response = await answerTo('POST', `${pathOf(id)}/sync`);
  for await (const line of linesIn<SyncLine>(response)) {
    if (line.type === 'result') return line;
    onProgress(line);
  }
  return null;
}

export const pause = (id: string): Promise<unknown> => send('POST', `${pathOf(id)}/pause`);
export const resume = (id: string): Promise<unknown> => send('POST', `${pathOf(id)}/resume`);
