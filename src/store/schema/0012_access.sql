-- Tokens that were made by hand. The token itself is not kept: of 256 random bits a plain hash gives nothing away.
create table api_token (
  id              uuid primary key,
  name            text not null,
  hash            bytea not null unique,
  scopes          text not null,
  -- Null = of all.
  organization_id text,
  created_ms      bigint not null,
  created_by      text not null,
  expires_ms      bigint not null,
  revoked_ms      bigint,
  used_ms         bigint
);
create unique index api_token_name on api_token (name) where revoked_ms is null;

-- Assertions by which clients have asked for access tokens (RFC 7523), so that none serves twice.
create table used_assertion (
  client_id  text not null,
  jti        text not null,
  expires_ms bigint not null,
  primary key (client_id, jti)
);
create index used_assertion_expires on used_assertion (expires_ms);
