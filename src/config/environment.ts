import { z } from 'zod';

/** The variables of the process, as Node gives them. */
export type Variables = Readonly<Record<string, string | undefined>>;

const url = (protocols: readonly string[], example: string) =>
  z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), {
    // The value is not repeated: a password may stand in it.
    error: `must be an address such as ${example}`,
  });

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

const KEY_BYTES = 32;

// Node's decoder skips whatever is not base64, so the length in letters is looked at too.
const isKey = (text: string): boolean =>
  /^[A-Za-z0-9+/]{43}=$/.test(text) && Buffer.from(text, 'base64').length === KEY_BYTES;

const Schema = z.object({
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, { error: 'must be a port, 0 to 65535, such as 8080' })
    .transform(Number)
    .refine((port) => port <= 65_535, { error: 'must be a port, 0 to 65535, such as 8080' })
    .default(8080),
  HOST: z.string().default('127.0.0.1'),
  PASSERELLE_DATA: z.string().default('./.data'),
  PASSERELLE_CONFIG: z.string().optional(),
  DATABASE_URL: url(['postgres:', 'postgresql:'], 'postgres://user:password@host:5432/database').optional(),
  REDIS_URL: url(['redis:', 'rediss:'], 'redis://host:6379').optional(),
  PASSERELLE_KEY: z
    .string()
    .refine(isKey, {
      error: `must be ${KEY_BYTES} random bytes in base64: openssl rand -base64 ${KEY_BYTES}`,
    })
    .optional(),
  PASSERELLE_URL: url(['https:', 'http:'], 'https://passerelle.clinique.example').optional(),
  PASSERELLE_KEY_PREVIOUS: z
    .string()
    .transform((text) => text.split(',').map((each) => each.trim()))
    .refine((keys) => keys.every(isKey), {
      error: `must be former values of PASSERELLE_KEY, with commas between them`,
    })
    .optional(),
  LOG_LEVEL: z.enum(LEVELS, { error: `must be one of ${LEVELS.join(', ')}` }).default('warn'),
});

/** What the environment says about where Passerelle listens and keeps things. Null = not set. */
export type GatewayEnvironment = {
  readonly port: number;
  readonly host: string;
  readonly dataFolder: string;
  /** The YAML file, or null: the demonstration. */
  readonly configurationFile: string | null;
  /** PostgreSQL, or null: PGlite in the data folder. */
  readonly databaseUrl: string | null;
  /** Redis, or null: the work runs in process. */
  readonly redisUrl: string | null;
  /** 32 bytes in base64 that wrap the data keys, or null: one is kept in the data folder. */
  readonly key: string | null;
  /** Where clients reach it, behind a proxy for instance; null = where each request says. */
  readonly publicUrl: string | null;
  /** Former ones, for what they have wrapped. */
  readonly previousKeys: readonly string[];
  readonly logLevel: (typeof LEVELS)[number];
  /** Of the demonstration only: what its link to the console carries. No variable sets it. */
  readonly entryKey?: string;
};

/** Every variable that cannot be used, one a line, never with its value. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
}

/** Reads the variables; one that is empty counts as not set. @throws EnvironmentError */
export function readEnvironment(variables: Variables): GatewayEnvironment {
  const set = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
  const parsed = Schema.safeParse(set);
  if (!parsed.success) {
    const lines = parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`);
    throw new EnvironmentError(lines.join('\n'));
  }
  const { data } = parsed;
  return {
    port: data.PORT,
    host: data.HOST,
    dataFolder: data.PASSERELLE_DATA,
    configurationFile: data.PASSERELLE_CONFIG ?? null,
    databaseUrl: data.DATABASE_URL ?? null,
    redisUrl: data.REDIS_URL ?? null,
    key: data.PASSERELLE_KEY ?? null,
    publicUrl: data.PASSERELLE_URL ?? null,
    previousKeys: data.PASSERELLE_KEY_PREVIOUS ?? [],
    logLevel: data.LOG_LEVEL,
  };
}
