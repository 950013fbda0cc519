import type { Logger } from 'pino';
import type { Adapter, Platform } from '../adapter/contract.ts';
import type { LoadAdapters } from '../config/adapters.ts';
import type { ConfigurationEditor } from '../config/editing/editor.ts';
import type { GatewayEnvironment, Variables } from '../config/environment.ts';
import type { MailServer } from '../config/mail.ts';
import type { Configuration } from '../config/read-configuration.ts';
import type { ConfiguredConnection } from '../config/settings.ts';
import type { Sheet } from '../contingency/sheet.ts';
import type { Directory } from '../domain/directory.ts';
import type { Clock } from '../domain/environment.ts';
import type { Instant } from '../domain/instant.ts';
import type { AuditEvent } from '../engine/ports/audit.ts';
import type { EventListener } from '../engine/ports/events.ts';

/** What the commands are given by the composition root, since they may import neither it, the store nor the queue. */
export type ProgramDependencies = {
  readonly startGateway: StartGateway;
  readonly openOffline: OpenOffline;
  readonly backups: Backups;
  readonly openSheets: OpenSheets;
  /** By their id. */
  readonly adapters: ReadonlyMap<string, Adapter>;
  readonly mappings: Mappings;
  /** Those of other packages. */
  readonly loadAdapters: LoadAdapters;
  readonly variables: Variables;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly stdin: NodeJS.ReadableStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
};

/** `serve` answers HTTP, `work` keeps the platforms in step, `both` does both. */
export type Role = 'serve' | 'work' | 'both';

export type StartGateway = (options: {
  readonly environment: GatewayEnvironment;
  readonly role: Role;
  readonly configuration: Configuration;
  /** The file that it is of. */
  readonly source: { readonly revision: string; readonly editor: ConfigurationEditor };
  readonly onEvent: EventListener;
  readonly logger: Logger;
}) => Promise<Gateway>;

export type Gateway = {
  /** Where it answers; null when its role is only to work. */
  readonly url: string | null;
  /** Resolves when all that was running has ended. */
  readonly close: () => Promise<void>;
};

/** What the doctor looks at without a gateway. Nothing is opened before it is asked for. */
export type OpenOffline = (environment: GatewayEnvironment) => Offline;

export type Offline = {
  /** The clock of the database server. Asked only where DATABASE_URL is set. Rejects when it does not answer. */
  readonly databaseTime: () => Promise<Instant>;
  readonly connect: (connection: ConfiguredConnection, directory: Directory) => Platform;
  /** Connects to the mail server and logs in. Rejects with why it could not. */
  readonly checkMail: (server: MailServer) => Promise<void>;
  readonly close: () => Promise<void>;
};

/** Backups of the embedded database as files. All of them reject with what the operator can mend. */
export type Backups = {
  /** Opens the data folder itself, unless a living process has it: that one has to be asked. */
  readonly take: (dataFolder: string, file: string) => Promise<StoredBackup | 'in use'>;
  /** Of what a running gateway handed over. */
  readonly keep: (file: string, chunks: AsyncIterable<Uint8Array>) => Promise<StoredBackup>;
  readonly restore: (
    dataFolder: string,
    file: string,
    options: { readonly replace: boolean },
  ) => Promise<StoredBackup & RestoredFolder>;
};

/** The contingency sheets of a data folder, without a gateway and without its database. Rejects where there is no key. */
export type OpenSheets = (environment: GatewayEnvironment) => Promise<OfflineSheets>;

export type OfflineSheets = {
  /** The organizations of which there is one. */
  readonly list: () => Promise<readonly string[]>;
  /** Rejects where it cannot be opened; null = there is none. */
  readonly of: (organizationId: string) => Promise<Sheet | null>;
  /** Where it is recorded who opened it. Rejects where that could not be written. */
  readonly spool: (event: AuditEvent, at: Instant) => Promise<void>;
};

/** What a backup says of itself. */
export type StoredBackup = { readonly at: string; readonly passerelle: string; readonly schema: string };

export type RestoredFolder = {
  /** Where the database is that was there before; null = there was none. */
  readonly replaced: string | null;
  /** Whether the folder has a sealing key. */
  readonly hasKey: boolean;
};

/** The tables that operators edit. */
export type Mappings = {
  /** Those that have ConceptMaps. */
  readonly platforms: () => readonly string[];
  /** The ConceptMaps of one, as JSON, in another folder than ours where that is named. @throws OperatorError naming a file that cannot be used. */
  readonly tables: (platform: string, options?: { readonly root: string }) => readonly unknown[];
  /** What they lead to: our CodeSystems, among others. */
  readonly codeSystems: () => readonly unknown[];
};

/** A command that cannot go on: the message is all that its user needs. Its exit code is 1. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
}
