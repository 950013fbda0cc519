-- People who sign in, by a password here or by a provider (OpenID Connect).
create table person (
  id              uuid primary key,
  -- In lower case. Null = a provider signs it in.
  login           text unique,
  issuer          text,
  subject         text,
  name            text not null,
  scopes          text not null,
  -- Null = of all.
  organization_id text,
  disabled        boolean not null default false,
  created_ms      bigint not null,
  created_by      text not null,
  -- argon2id.
  password_hash   text,
  -- The secret of its codes (RFC 6238), sealed; and the step of the last that was taken, so that none serves twice.
  totp            bytea,
  totp_step       bigint,
  signed_in_ms    bigint,
  check ((login is null) <> (issuer is null)),
  check ((issuer is null) = (subject is null)),
  unique (issuer, subject)
);

-- One at a time, to choose a password by.
create table invitation (
  person_id  uuid primary key references person on delete cascade,
  hash       bytea not null unique,
  expires_ms bigint not null
);

create table recovery_code (
  person_id uuid not null references person on delete cascade,
  hash      bytea not null,
  primary key (person_id, hash)
);

create table passkey (
  id         text primary key,
  person_id  uuid not null references person on delete cascade,
  name       text not null,
  public_key bytea not null,
  counter    bigint not null,
  transports text[] not null,
  created_ms bigint not null
);
create index passkey_person on passkey (person_id);

-- Where people are signed in. Of the cookie only its hash is kept: it has 256 random bits.
create table session (
  id         uuid primary key,
  hash       bytea not null unique,
  person_id  uuid not null references person on delete cascade,
  proof      text not null check (proof in ('password', 'both', 'provider')),
  created_ms bigint not null,
  proved_ms  bigint not null,
  used_ms    bigint not null,
  expires_ms bigint not null,
  agent      text not null,
  id_token   bytea
);
create index session_person on session (person_id);
create index session_expires on session (expires_ms);

-- How often was guessed in a row, by account, browser or address. The key is a keyed hash: nobody's name or address is here.
create table sign_in_attempt (
  key        bytea primary key,
  attempts   integer not null,
  -- No other counts before.
  until_ms   bigint not null,
  forget_ms  bigint not null
);
create index sign_in_attempt_forget on sign_in_attempt (forget_ms);
