/** What is handed over of the embedded database, so that it can be made anew from it. */
export type Backup = {
  /** Of all of it. */
  readonly byteLength: number;
  readonly chunks: readonly Uint8Array[];
};

/** Makes one of this moment, while others go on writing. One is made after the other. */
export type TakeBackup = () => Promise<Backup>;
