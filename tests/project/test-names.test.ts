import { describe, expect, it } from 'vitest';
import { testHash, testNames } from '../../src/project/test-names.js';
import type { JsonObject } from '../../src/types/index.js';

function idOf(name: string, model: string, args: JsonObject): string {
  const { full } = testNames(name, model, args);
  const kwargs = { ...args, model: `{{ get_where_subquery(ref('${model}')) }}` };
  return `${full}.${testHash(full, { name, namespace: null, kwargs })}`;
}

describe('names of generic tests', () => {
  it('are those that dbt gives', () => {
    expect(idOf('unique', 'customers', { column_name: 'customer_id' })).toBe('unique_customers_customer_id.c5af1ff4b1');
    expect(idOf('not_null', 'customers', { column_name: 'customer_id' })).toBe(
      'not_null_customers_customer_id.5c9bf9911d',
    );
    expect(idOf('unique', 'orders', { column_name: 'order_id' })).toBe('unique_orders_order_id.fed79b3a6e');
    expect(
      idOf('accepted_values', 'orders', {
        column_name: 'status',
        values: ['placed', 'shipped', 'completed', 'return_pending', 'returned'],
      }),
    ).toBe('accepted_values_orders_status__placed__shipped__completed__return_pending__returned.be6b5b5ec3');
    expect(
      idOf('relationships', 'orders', { column_name: 'customer_id', to: "ref('customers')", field: 'customer_id' }),
    ).toBe('relationships_orders_customer_id__customer_id__ref_customers_.c6ec7f58f2');
  });

  it('are cut and hashed from 64 characters on', () => {
    const { full, short } = testNames('accepted_values', 'orders', {
      column_name: 'status',
      values: ['placed', 'shipped', 'completed', 'return_pending', 'returned'],
    });
    expect(full.length).toBeGreaterThan(63);
    expect(short).toMatch(/^accepted_values_orders_[0-9a-f]{32}$|^.{30}_[0-9a-f]{32}$/);
    expect(short.length).toBeLessThanOrEqual(63);
  });
});
