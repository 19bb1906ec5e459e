-- A date is what was typed, to its precision and no more: written back in that form it is the typed text. What looks like a date of the calendar is one.
with typed as (

  {% for table, key in [('experiences', 'experience_id'), ('education', 'education_id')] -%}
  {% for date in ['start_date', 'end_date'] -%}
  select
    '{{ table }}.{{ date }}' as origin,
    source.id,
    -- Leading zeros are a matter of taste.
    regexp_replace(regexp_replace(source.{{ date }}, '[[:space:]]', '', 'g'), '(^|-)0(?=[0-9](-|$))', '\1', 'g') as typed_date,
    records.{{ date }} as read_date,
    records.{{ date }}_precision as precision,
    {{ 'records.is_current' if date == 'end_date' else 'false' }} as is_current
  from {{ ref(table) }} as records
  join {{ source('chemlink', table) }} as source on source.id = records.{{ key }}
  {{ 'union all' if not (loop.last and table == 'education') }}
  {% endfor -%}
  {% endfor %}
)

select *
from typed
where case precision
    when 'day' then typed_date <> to_char(read_date, 'YYYY-FMMM-FMDD')
    when 'month'
      then extract(day from read_date) <> 1
        or typed_date not in (to_char(read_date, 'YYYY-FMMM'), to_char(read_date, 'FMMM-YYYY'))
    when 'year' then typed_date || '-01-01' <> to_char(read_date, 'YYYY-MM-DD')
    else typed_date ~ '^([1-9]|1[012])-[12][0-9]{3}$|^[12][0-9]{3}(-([1-9]|1[012])(-([1-9]|1[0-9]|2[0-8]))?)?$'
  end
  or is_current <> (coalesce(typed_date, '') ilike 'present' and origin like '%.end_date')
