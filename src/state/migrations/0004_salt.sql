create table chemflow.hash_salts (
    target_schema text primary key,
    fingerprint   text not null,
    is_rotating   boolean not null,
    noted_at      timestamptz not null default clock_timestamp()
);
comment on table chemflow.hash_salts is 'Which salt the keyed hashes of a target were built with, by a hash of the salt, so that no run mixes two.';
comment on column chemflow.hash_salts.is_rotating is 'True from the beginning of a rotation until every model is built with the new salt.';
