import { execFile, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort, hasBinary, until } from '../../../src/conformance/real-server.ts';

/**
 * A real IMAP server: Debian's Dovecot on free ports of this machine, without privileges, with its mail in a temporary folder.
 * Whoever has the password is let in, as whoever they say they are.
 */

export const PASSWORD = 'made-up-password';
/** Of what it writes into Authentication-Results, in the place of a mail server in front of it. */
export const MAIL_SERVER = 'mx.clinique.example';

export type Dovecot = {
  /** TLS from the first byte. */
  readonly port: number;
  /** STARTTLS. */
  readonly plainPort: number;
  /** PEM, of its certificate. */
  readonly ca: string;
  readonly mailbox: (user: string) => Maildir;
  readonly stop: () => Promise<void>;
};

/** A user's mail on the disk: what is delivered, and where it lies, by another way than IMAP. */
export type Maildir = {
  readonly user: string;
  readonly deliver: (message: string | Buffer, arrivedAt?: Date) => void;
  /** Of the messages in a folder, the texts. */
  readonly messages: (folder: string) => readonly string[];
  readonly empty: (folder: string) => void;
};

/** Debian keeps it off the PATH of some shells. */
const BINARY = '/usr/sbin/dovecot';
export const hasDovecot = (): boolean => hasBinary('dovecot') || hasBinary('../sbin/dovecot');

/** `nobody`: as root it would want users of its own. */
const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

let running: { readonly server: Promise<Dovecot>; users: number } | null = null;

/** One for all that use it at once in this process. */
export async function sharedDovecot(): Promise<Dovecot> {
  const shared = running ?? { server: startDovecot(), users: 0 };
  running = shared;
  shared.users += 1;
  const server = await shared.server;
  return {
    ...server,
    async stop() {
      shared.users -= 1;
      if (shared.users > 0) return;
      if (running === shared) running = null;
      await server.stop();
    },
  };
}

export async function startDovecot(): Promise<Dovecot> {
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-dovecot-'));
  const [port, plainPort] = [await freePort(), await freePort()];
  const [key, certificate, configuration] = ['key.pem', 'certificate.pem', 'dovecot.conf'].map((name) =>
    join(folder, name),
  );
  if (!key || !certificate || !configuration) throw new Error('it has files');
  await promisify(execFile)('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'],
    ...[
      '-subj',
      '/CN=Essai fictif',
      '-addext',
      'subjectAltName=IP:127.0.0.1',
      '-keyout',
      key,
      '-out',
      certificate,
    ],
  ]);
  await writeFile(configuration, textOf({ folder, key, certificate, port, plainPort }));
  if (isRoot) for (const path of [folder, key, certificate]) chownSync(path, NOBODY, NOBODY);
  chmodSync(folder, 0o700);
  const child = spawn(hasBinary('dovecot') ? 'dovecot' : BINARY, ['-F', '-c', configuration], {
    ...(isRoot ? { uid: NOBODY, gid: NOBODY } : {}),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-2_000);
  });
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), 3_000);
    await exited;
    clearTimeout(timer);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await until('Dovecot answers', () => answers(plainPort), 10_000);
  } catch (error) {
    await stop();
    throw new Error(`Dovecot did not start: ${said}`, { cause: error });
  }
  const ca = await readFile(certificate, 'utf8');
  return { port, plainPort, ca, mailbox: (user) => maildirOf(user, join(folder, 'mail', user)), stop };
}

type Files = { folder: string; key: string; certificate: string; port: number; plainPort: number };

function textOf({ folder, key, certificate, port, plainPort }: Files): string {
  const user = isRoot ? 'nobody' : (process.env['USER'] ?? 'nobody');
  const group = isRoot ? 'nogroup' : user;
  const unconfined = (service: string): string => `service ${service} {\n  chroot =\n}\n`;
  return `
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = /dev/stderr
protocols = imap
listen = 127.0.0.1
ssl = required
ssl_cert = <${certificate}
ssl_key = <${key}
default_internal_user = ${user}
default_internal_group = ${group}
default_login_user = ${user}
first_valid_uid = 1
last_valid_uid = 0
passdb {
  driver = static
  args = password=${PASSWORD}
}
userdb {
  driver = static
  args = uid=${isRoot ? NOBODY : process.getuid?.()} gid=${isRoot ? NOBODY : process.getgid?.()} home=${folder}/mail/%u
}
mail_location = maildir:~:UTF-8
maildir_very_dirty_syncs = no
namespace inbox {
  inbox = yes
  separator = .
  prefix =
}
${['imap-login', 'anvil', 'stats'].map(unconfined).join('')}
# Wrong passwords are part of what is tried.
auth_failure_delay = 0
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service imap-login {
  inet_listener imap {
    port = ${plainPort}
  }
  inet_listener imaps {
    port = ${port}
    ssl = yes
  }
}
`;
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.setTimeout(1_000);
    const end = (answer: boolean) => (): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('data', end(true));
    for (const event of ['error', 'timeout', 'close']) socket.once(event, end(false));
  });

/** Folders are beside each other, with dots between their parts (Maildir++). */
function maildirOf(user: string, home: string): Maildir {
  const owned = (path: string): void => {
    if (isRoot) chownSync(path, NOBODY, NOBODY);
  };
  for (const name of ['', 'tmp', 'new', 'cur']) {
    mkdirSync(join(home, name), { recursive: true });
    owned(join(home, name));
  }
  owned(join(home, '..'));
  let delivered = 0;
  const filesIn = (folder: string): string[] => {
    const at = folder === 'INBOX' ? home : join(home, `.${folder.replaceAll('/', '.')}`);
    return ['new', 'cur'].flatMap((part) => {
      try {
        return readdirSync(join(at, part)).map((name) => join(at, part, name));
      } catch {
        // It is made with the first message.
        return [];
      }
    });
  };
  return {
    user,
    deliver(message, arrivedAt = new Date()) {
      delivered += 1;
      const name = `${Math.floor(arrivedAt.getTime() / 1_000)}.M${process.pid}P${delivered}.essai`;
      const path = join(home, 'tmp', name);
      writeFileSync(path, message);
      owned(path);
      // It is what the server gives as INTERNALDATE.
      utimesSync(path, arrivedAt, arrivedAt);
      renameSync(path, join(home, 'new', name));
    },
    messages: (folder) =>
      filesIn(folder).flatMap((path) => {
        try {
          return [readFileSync(path, 'utf8')];
        } catch {
          // It was moved meanwhile.
          return [];
        }
      }),
    empty: (folder) => {
      for (const path of filesIn(folder)) rmSync(path, { force: true });
    },
  };
}
