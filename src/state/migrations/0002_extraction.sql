create table chemflow.watermarks (
    staging_schema    text not null,
    staging_table     text not null,
    source_id         text not null,
    system_identifier text,
    database_oid      text not null,
    database_name     text not null,
    source_table      text not null,
    incarnation       text not null,
    horizon           xid8,
    cursor            text,
    key               text[] not null,
    columns           jsonb not null,
    last_full_at      timestamptz not null,
    last_run_at       timestamptz not null,
    last_run_id       uuid not null,
    primary key (staging_schema, staging_table)
);
comment on table chemflow.watermarks is 'Up to where each staging table holds its source; written in the transaction that wrote the rows.';
comment on column chemflow.watermarks.horizon is 'Oldest transaction that was still running at the source: rows of it and of later ones are read next time.';
comment on column chemflow.watermarks.cursor is 'Greatest cursor value seen, as the source wrote it.';

create table chemflow.extractions (
    run_id         uuid not null,
    run_started_at timestamptz not null,
    source_id      text not null,
    staging_schema text not null,
    staging_table  text not null,
    mode           text not null check (mode in ('full', 'incremental', 'date range', 'sample')),
    horizon_before xid8,
    horizon_after  xid8,
    range_start    text,
    range_end      text,
    rows_read      bigint not null,
    bytes          bigint not null,
    rows_written   bigint not null,
    rows_deleted   bigint not null,
    committed_at   timestamptz not null default clock_timestamp()
);
create index extractions_table on chemflow.extractions (staging_schema, staging_table, run_started_at desc);
create index extractions_run on chemflow.extractions (run_id);
comment on table chemflow.extractions is 'The ledger: one row a table that arrived, written in the transaction that wrote its rows.';
comment on column chemflow.extractions.rows_read is 'Rows that crossed the wire; rows_written: those that staging did not have so; rows_deleted: found gone at the source.';

create table chemflow.source_clocks (
    staging_schema text not null,
    source_name    text not null,
    clock          timestamptz not null,
    run_started_at timestamptz not null,
    primary key (staging_schema, source_name)
);
comment on table chemflow.source_clocks is 'What each source''s clock said when it was read; written when all of its tables that were asked for arrived.';
