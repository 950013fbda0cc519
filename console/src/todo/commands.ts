import { send } from '../api/send.ts';
import type { ConflictWithProposals, ListTaken, RejectedRecord, Side, Task } from './model.ts';

/** What a person does about what waits for them, each by the admin API. */

export type Resolution =
  | { readonly resolution: 'keep-a' | 'keep-b' | 'keep-both' }
  | { readonly resolution: 'move'; readonly booking: Side; readonly slot: string };

export const readConflict = (id: string, signal: AbortSignal): Promise<ConflictWithProposals> =>
  send('GET', `/api/conflicts/${id}`, { signal });

export const settle = (id: string, body: Resolution): Promise<unknown> =>
  send('POST', `/api/conflicts/${id}/resolve`, { body });

export const tell = (id: string, deed: 'done' | 'undo' | 'taken'): Promise<Task> =>
  send('POST', `/api/tasks/${id}/${deed}`);

export const confirmGone = (connectionId: string, feedId: string): Promise<unknown> =>
  send('POST', `${ofConnection(connectionId)}/confirm?${new URLSearchParams({ feed: feedId })}`);

/** @param isRaw with what they contain: that is recorded. */
export async function rejectedRecords(
  connectionId: string,
  isRaw: boolean,
): Promise<readonly RejectedRecord[]> {
  const path = `${ofConnection(connectionId)}/rejected${isRaw ? '?raw=true' : ''}`;
  return (await send<{ readonly records: readonly RejectedRecord[] }>('GET', path)).records;
}

export type PastedList = {
  readonly text: string;
  /** Left out = each line names its own. */
  readonly calendar?: string;
  /** Days as 2026-11-24. */
  readonly complete: false | { readonly from?: string; readonly to?: string };
  readonly partial: boolean;
};

export const takeList = (connectionId: string, body: PastedList): Promise<ListTaken> =>
  send('POST', `${ofConnection(connectionId)}/lists`, { body });

const ofConnection = (id: string): string => `/api/connections/${encodeURIComponent(id)}`;
