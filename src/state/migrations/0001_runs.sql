create table chemflow.runs (
    run_id           uuid primary key,
    command          text not null,
    target           text not null,
    arguments        jsonb not null default '{}',
    chemflow_version text not null,
    started_at       timestamptz not null,
    ended_at         timestamptz,
    status           text not null default 'running'
        check (status in ('running', 'success', 'failure', 'error', 'interrupted', 'abandoned')),
    message          text
);
create index runs_started_at on chemflow.runs (started_at desc);
comment on table chemflow.runs is 'One row a run that changes the warehouse.';
comment on column chemflow.runs.status is 'success: all well; failure: finished with failures; error: could not do its job; interrupted: stopped by its user; abandoned: its process vanished.';

create table chemflow.node_results (
    run_id        uuid not null references chemflow.runs on delete cascade,
    node_id       text not null,
    status        text not null,
    message       text,
    rows_affected bigint,
    failures      bigint,
    started_at    timestamptz not null,
    ended_at      timestamptz not null,
    thread_id     text not null,
    relation_name text,
    publication   text
);
create index node_results_run on chemflow.node_results (run_id);
create index node_results_node on chemflow.node_results (node_id, started_at desc);
comment on table chemflow.node_results is 'One row a model, seed, snapshot or test of a run.';
comment on column chemflow.node_results.publication is 'How a relation was put in its place: rename, in place, replace, append.';

create table chemflow.run_lock (
    only_row     boolean primary key default true check (only_row),
    backend_pid  int not null,
    application  text not null,
    command      text not null,
    process_id   int not null,
    host         text not null,
    taken_at     timestamptz not null
);
comment on table chemflow.run_lock is 'Who took the run lock last. The lock itself is an advisory lock, which ends with its connection; this only names its holder.';
