/** Whom we speak to by TLS has shown who it is, always: keys of authorization servers come that way, and tokens go. */

const VARIABLE = 'NODE_TLS_REJECT_UNAUTHORIZED';

/**
 * Node reads the variable as each connection is made, also for `fetch`, where nothing else says it. To be called before anything
 * connects. @param warn hears that it was set.
 */
export function verifyTlsAlways(
  variables: Record<string, string | undefined>,
  warn: (text: string) => void,
): void {
  if (variables[VARIABLE] !== '0') return;
  delete variables[VARIABLE];
  warn(
    `${VARIABLE} n’a aucun effet ici : nommez l’autorité de la clinique dans NODE_EXTRA_CA_CERTS\n` +
      `${VARIABLE} has no effect here: name the clinic's own authority in NODE_EXTRA_CA_CERTS\n`,
  );
}
