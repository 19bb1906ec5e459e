/**
 * Sessions of other programs whose snapshot is older than the relation `c` of pg_class, as a JSON list: a REPEATABLE READ reader among them would find
 * it empty once it has the name that they know. Only what the user may see in pg_stat_activity is found.
 */
export const olderReadersOf = `select coalesce(jsonb_agg(format('pid %s (%s, %s)', a.pid, a.usename, coalesce(nullif(a.application_name, ''), 'no application_name'))), '[]')
    from pg_stat_activity a
    where a.datname = current_database() and a.pid <> pg_backend_pid() and a.backend_type = 'client backend'
      and a.backend_xmin is not null and a.application_name not like 'chemflow%' and age(a.backend_xmin) >= age(c.xmin)`;
