/** On SIGHUP: daemons read their configuration again then (daemon(7)). @returns what ends it. */
export function onHangUp(listener: () => void): () => void {
  process.on('SIGHUP', listener);
  return () => process.off('SIGHUP', listener);
}

/**
 * Resolves on the first SIGINT or SIGTERM, for an orderly end; a second one while that is under way ends the process
 * at once, as the shell would (128 + number of the signal).
 */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    const onSignal = (code: number) => () => {
      if (asked) process.exit(128 + code);
      asked = true;
      resolve();
    };
    process.on('SIGINT', onSignal(2));
    process.on('SIGTERM', onSignal(15));
  });
}
