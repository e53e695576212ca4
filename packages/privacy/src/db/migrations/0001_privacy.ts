import type { Migration } from "@deepwright/store";

export const privacyMigration: Migration = {
  name: "0001_privacy",
  sql: `
create table privacy_budget (
  id uuid primary key,
  name text not null unique,
  epsilon double precision not null,
  delta double precision not null,
  neighbors text not null,
  spent_json text not null,
  created_at_ms bigint not null
);
create table privacy_charge (
  id uuid primary key,
  budget_id uuid not null references privacy_budget (id),
  event_json text not null,
  purpose text not null,
  charged_by text not null,
  epsilon_after double precision not null,
  charged_at_ms bigint not null
);
create index privacy_charge_budget on privacy_charge (budget_id, charged_at_ms, id);
create table privacy_person_key (
  person text primary key,
  key_id uuid not null unique,
  master_version text not null,
  wrapped bytea not null,
  created_at_ms bigint not null
);
create index privacy_person_key_version on privacy_person_key (master_version, person);
create table privacy_erasure (
  sequence bigint primary key,
  person_salt text not null,
  person_digest text not null,
  key_id uuid,
  erased_at_ms bigint not null,
  reason text not null,
  previous_hash text not null,
  hash text not null
);
`,
};
