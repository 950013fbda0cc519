import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A certificate for this machine that nobody but its own key has signed, made anew for each run. */
export type Certificate = {
  readonly key: string;
  readonly cert: string;
  /** Where the certificate is, for NODE_EXTRA_CA_CERTS. */
  readonly file: string;
  readonly remove: () => Promise<void>;
};

/** @param name that it is for, a DNS name or an address. */
export async function selfSigned(name: string): Promise<Certificate> {
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-certificate-'));
  const [key, file] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const kind = /^[\d.]+$/.test(name) ? 'IP' : 'DNS';
  await promisify(execFile)('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'],
    ...[
      '-subj',
      '/CN=Essai fictif',
      '-addext',
      `subjectAltName=${kind}:${name}`,
      '-keyout',
      key,
      '-out',
      file,
    ],
  ]);
  return {
    key: await readFile(key, 'utf8'),
    cert: await readFile(file, 'utf8'),
    file,
    remove: () => rm(folder, { recursive: true }),
  };
}
