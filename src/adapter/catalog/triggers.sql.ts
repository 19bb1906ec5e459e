/** A table's own triggers ($1 oid), without those of constraints. Columns: name, definition, enabled (`O` on, `D` off, `R` replica, `A` always). */
export const triggersQuery = `
select t.tgname as name, pg_catalog.pg_get_triggerdef(t.oid) as definition, t.tgenabled::text as enabled
from pg_catalog.pg_trigger t
where t.tgrelid = $1::oid and not t.tgisinternal
order by 1`;

/** A row of {@link triggersQuery}. */
export interface TriggerRow {
  readonly name: string;
  readonly definition: string;
  readonly enabled: 'O' | 'D' | 'R' | 'A';
}
