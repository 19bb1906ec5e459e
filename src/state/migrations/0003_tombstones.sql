create table chemflow.tombstones (
    source_name  text not null,
    source_table text not null,
    key          text not null,
    run_id       uuid not null,
    forgotten_at timestamptz not null default clock_timestamp(),
    primary key (source_name, source_table, key)
);
comment on table chemflow.tombstones is 'Who was forgotten (chemflow forget): rows of these keys, and rows that refer to them, are not read from the sources any more.';
comment on column chemflow.tombstones.key is 'The key at the source, and nothing else of the person: it names nobody without the source. A hash of it would have to be tried out on every row, and a rotation of the salt would bring the person back.';
