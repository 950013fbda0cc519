import type { OperationName } from '../adapter/contract.ts';
import type { Directory } from '../domain/directory.ts';
import type { Environment } from '../domain/environment.ts';
import type { Documents } from './ports/documents.ts';
import type { EventListener } from './ports/events.ts';
import type { Escalation } from './ports/mail.ts';
import type { Platforms } from './ports/platforms.ts';
import type { Queue } from './ports/queue.ts';
import type { Seal } from './ports/seal.ts';
import type { Store } from './ports/store.ts';

/** Whether the platform of a connection takes bookings from outside. */
export const canBook = (context: Known, connectionId: string): boolean => can(context, connectionId, 'book');

/** Whether the platform of a connection takes cancellations from outside. */
export const canCancel = (context: Known, connectionId: string): boolean =>
  can(context, connectionId, 'cancel');

/** Whether that platform gives its bookings another time for us. */
export const canMove = (context: Known, connectionId: string): boolean => can(context, connectionId, 'move');

export const isConfigured = ({ directory }: Pick<Context, 'directory'>, connectionId: string): boolean =>
  directory.entries.connections.some(({ id }) => id === connectionId);

/** One that is configured no more can nothing. */
const can = ({ directory, platforms }: Known, connectionId: string, name: OperationName): boolean =>
  isConfigured({ directory }, connectionId) &&
  platforms.get(connectionId).platform.operations[name] !== undefined;

type Known = Pick<Context, 'directory' | 'platforms'>;

/** What every part of the engine is given. */
export type Context = {
  readonly directory: Directory;
  readonly store: Store;
  readonly queue: Queue;
  readonly platforms: Platforms;
  readonly documents: Documents;
  readonly seal: Seal;
  /** Whether who comes is kept once its platform knows it. */
  readonly keepsPatients: boolean;
  /** Null = nobody is told by mail. */
  readonly escalation: Escalation | null;
  readonly environment: Environment;
  readonly onEvent: EventListener;
  /** Hears what went wrong without being anybody's answer. Never a patient, never a value of a record. */
  readonly onError: (where: string, error: unknown) => void;
};
