// npm run setup: what the tests need beside node_modules. Quick when nothing is missing, and safe to repeat.
//
// As root on Debian it installs what is missing by apt-get, and starts Redis and PostgreSQL where they are installed
// but do not listen. Anywhere else it only says what to install. A server that already answers is never touched.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { delimiter, join } from 'node:path';

const HOST = '127.0.0.1';
const REDIS_PORT = 6379;
const POSTGRES_PORT = 5432;
const START_DEADLINE_MILLISECONDS = 20_000;

/**
 * What is looked for on the PATH (any of `binaries`), or else by a file of it, and what each package manager calls it;
 * null = it has none.
 */
const TOOLS = [
  {
    name: 'chromium',
    binaries: ['chromium', 'chromium-browser', 'google-chrome'],
    packages: { apt: 'chromium', dnf: 'chromium', brew: '--cask chromium' },
  },
  {
    name: 'radicale',
    binaries: ['radicale'],
    packages: { apt: 'radicale', dnf: 'radicale', brew: 'radicale' },
  },
  {
    name: 'xandikos',
    binaries: ['xandikos'],
    packages: { apt: 'xandikos', dnf: 'xandikos', brew: 'pipx && pipx install xandikos' },
  },
  {
    name: 'davical',
    binaries: [],
    file: '/usr/share/davical/htdocs/caldav.php',
    // Of Debian's it brings PHP, its PostgreSQL driver, and Apache's program without the service: nothing listens.
    packages: { apt: 'davical', dnf: 'davical php-cli php-pgsql', brew: null },
  },
  {
    name: 'dovecot',
    binaries: ['dovecot'],
    packages: { apt: 'dovecot-imapd', dnf: 'dovecot', brew: 'dovecot' },
  },
  {
    name: 'redis',
    binaries: ['redis-server'],
    packages: { apt: 'redis-server', dnf: 'redis', brew: 'redis' },
  },
  {
    name: 'postgresql',
    binaries: ['psql'],
    packages: { apt: 'postgresql', dnf: 'postgresql-server', brew: 'postgresql@17' },
  },
  {
    name: 'openssl',
    binaries: ['openssl'],
    packages: { apt: 'openssl', dnf: 'openssl', brew: 'openssl' },
  },
];

const inCi = process.env.CI === 'true';
const isRootOnDebian = process.getuid?.() === 0 && existsSync('/etc/debian_version') && hasBinary('apt-get');

/** Debian keeps /usr/sbin off the PATH of some shells. */
function hasBinary(name) {
  return [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/sbin'].some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

const isPresent = (tool) =>
  tool.binaries.some(hasBinary) || (tool.file !== undefined && existsSync(tool.file));
const say = (name, what) => console.log(`${name.padEnd(12)} ${what}`);

/** @returns whether it ended well; what it printed is shown only when it did not. */
function run(command, args, environment = {}) {
  const ended = spawnSync(command, args, { encoding: 'utf8', env: { ...process.env, ...environment } });
  if (ended.status !== 0)
    console.error(`${command} ${args.join(' ')}: ${ended.error ?? ended.stderr.trim()}`);
  return ended.status === 0;
}

/** @returns the names of the tools that were missing and are there now. */
function installMissing() {
  const missing = TOOLS.filter((tool) => !isPresent(tool));
  if (missing.length > 0 && isRootOnDebian) {
    const packages = missing.map((tool) => tool.packages.apt);
    const noninteractive = { DEBIAN_FRONTEND: 'noninteractive' };
    run('apt-get', ['update', '-q'], noninteractive);
    const install = (...names) =>
      run('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...names], noninteractive);
    // One that this Debian does not have would keep all others out.
    if (!install(...packages)) for (const each of packages) install(each);
  }
  for (const tool of TOOLS) {
    if (!missing.includes(tool)) say(tool.name, 'found');
    else say(tool.name, isPresent(tool) ? 'installed' : `missing: ${hintFor(tool.packages)}`);
  }
  return missing.filter(isPresent).map((tool) => tool.name);
}

function hintFor({ apt, dnf, brew }) {
  if (process.platform === 'darwin') {
    return brew === null ? 'Homebrew has no package of it' : `brew install ${brew}`;
  }
  return hasBinary('dnf') ? `sudo dnf install ${dnf}` : `sudo apt-get install ${apt}`;
}

function listens(port) {
  return new Promise((resolve) => {
    const socket = connect({ host: HOST, port, timeout: 500 });
    const end = (answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
    socket.once('timeout', () => end(false));
  });
}

async function becomes(condition) {
  const deadline = Date.now() + START_DEADLINE_MILLISECONDS;
  while (Date.now() < deadline) {
    if (await condition()) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}

async function startRedis() {
  if (!hasBinary('redis-server') || (await listens(REDIS_PORT))) return;
  if (!isRootOnDebian) return say('redis', 'not running: start it (redis-server) for its tests');
  // For tests only: nothing is kept on disk.
  run('redis-server', [
    ...['--daemonize', 'yes', '--bind', HOST, '--port', String(REDIS_PORT)],
    ...['--save', '', '--appendonly', 'no', '--dir', '/tmp'],
  ]);
  const started = await becomes(() => listens(REDIS_PORT));
  say('redis', started ? `started on ${HOST}:${REDIS_PORT}` : 'could not be started');
}

/** Debian's cluster on the port, as {version, name}; undefined when there is none. */
function debianCluster() {
  const listed = spawnSync('pg_lsclusters', ['--no-header'], { encoding: 'utf8' });
  return (listed.stdout ?? '')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , port]) => port === String(POSTGRES_PORT))
    .map(([version, name]) => ({ version, name }))[0];
}

async function startPostgres(installed) {
  if (!hasBinary('psql')) return;
  const answered = await listens(POSTGRES_PORT);
  if (!answered) {
    const cluster = isRootOnDebian ? debianCluster() : undefined;
    if (!cluster) return say('postgresql', 'not running: start it for its tests');
    run('pg_ctlcluster', [cluster.version, cluster.name, 'start']);
    const started = await becomes(() => listens(POSTGRES_PORT));
    say('postgresql', started ? `started on ${HOST}:${POSTGRES_PORT}` : 'could not be started');
    if (!started) return;
  }
  if (!connectsWithoutPassword()) await openToTests(installed || !answered);
}

function connectsWithoutPassword() {
  const args = [
    '-h',
    HOST,
    '-p',
    String(POSTGRES_PORT),
    '-U',
    'postgres',
    '-w',
    '-tAc',
    'select 1',
    'postgres',
  ];
  return spawnSync('psql', args, { encoding: 'utf8' }).status === 0;
}

/** Who may connect is changed only on a CI machine, and only of a server that this very run installed or started. */
async function openToTests(ours) {
  const line = `host all postgres ${HOST}/32 trust`;
  const cluster = ours && inCi && isRootOnDebian ? debianCluster() : undefined;
  if (!cluster) {
    say(
      'postgresql',
      `user postgres needs a password on ${HOST}. For its tests, put first into pg_hba.conf: ${line}`,
    );
    return;
  }
  const path = `/etc/postgresql/${cluster.version}/${cluster.name}/pg_hba.conf`;
  // The first line that fits decides.
  writeFileSync(path, `${line}\n${readFileSync(path, 'utf8')}`);
  run('pg_ctlcluster', [cluster.version, cluster.name, 'reload']);
  const opened = await becomes(connectsWithoutPassword);
  say('postgresql', opened ? 'opened to tests (CI)' : 'could not be opened to tests');
}

const installed = installMissing();
await startRedis();
await startPostgres(installed.includes('postgresql'));
