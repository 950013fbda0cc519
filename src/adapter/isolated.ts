import type { Environment } from '../domain/environment.ts';
import type { Adapter, Limits, Manifest, Platform } from './contract.ts';
import type { Pace } from './pace.ts';

/**
 * An adapter of another package. Its code runs in a thread of its own, so that all that it is given is data, and of its
 * adapter there is the manifest alone.
 */
export type IsolatedAdapter = {
  readonly manifest: Manifest;
  /** Where it is, for people: the package's name and version. */
  readonly source: string;
  /** The folder of its tables: `<id>/*.json` below it. */
  readonly mappings: string;
  readonly open: (options: IsolatedConnect) => Platform;
};

/** What `Connect` gives, without functions that another thread could not have. */
export type IsolatedConnect = {
  readonly connectionId: string;
  /** As they were written, secrets resolved. The thread reads them by the manifest's schema. */
  readonly settings: unknown;
  readonly limits: Limits;
  /** Stays in this thread, so that the limits hold whatever becomes of the other. */
  readonly pace: Pace;
  readonly allowedTargets: readonly string[];
  /** Its ConceptMaps. */
  readonly tables: readonly unknown[];
  /** The zone (IANA) of each calendar of the connection. */
  readonly zones: Readonly<Record<string, string>>;
  readonly environment: Environment;
};

/** Ours, and those of other packages. */
export type InstalledAdapter = Adapter | IsolatedAdapter;

export const isIsolated = (adapter: InstalledAdapter): adapter is IsolatedAdapter => 'open' in adapter;
