import type { Manifest, Platform } from '../../adapter/contract.ts';

/** The open connections, by the id of the configuration. */
export type Platforms = {
  /** @throws RangeError on a connection that is not configured. */
  readonly get: (connectionId: string) => {
    readonly platform: Platform;
    readonly manifest: Manifest;
    /** Hash of its code tables: what others could not read, these may. */
    readonly mappingContent: string;
  };
};
