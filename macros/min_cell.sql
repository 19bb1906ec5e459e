{# Small cells: what var('min_cell') keeps out of aggregates, and why no sum gives it back, is told in docs/min_cell.md. With 1 nothing is rendered. #}

{% macro hides_small_cells() -%}
  {%- set least = var('min_cell') | string -%}
  {%- if not modules.re.match('[1-9][0-9]*$', least) -%}
    {{ exceptions.raise_compiler_error("The variable min_cell is '" ~ least ~ "', and has to be a number of people: 1 hides nothing.") }}
  {%- endif -%}
  {{ return(least | int > 1) }}
{%- endmacro %}

{% macro published(columns, rules, rates=[], joined='', rows='') -%}
{#-
  The last select of an aggregate, called with that select as its body. A rule is a condition and the columns that are null where it does not
  hold; conditions see the body's rows as `cells` and what is `joined` to them. `rows` drops rows by what the rules say (shows_1, shows_2 ...).
-#}
{%- if not hides_small_cells() -%}
{{ caller() | trim }}
{%- else -%}
select
  {% for column in columns -%}
  {%- set conditions = [] -%}
  {%- for rule in rules -%}
    {%- if column in rule[1] -%}{%- do conditions.append('cells.shows_' ~ loop.index) -%}{%- endif -%}
  {%- endfor -%}
  {% if conditions -%}
  (case when {{ conditions | join(' and ') }} then cells.{{ column }} end){{ '::numeric(12, 2)' if column in rates }} as {{ column }}
  {%- else -%}
  cells.{{ column }}
  {%- endif %}{{ ',' if not loop.last }}
  {% endfor -%}
from (
  select
    cells.*
    {%- for rule in rules %},
    coalesce({{ rule[0] }}, false) as shows_{{ loop.index }}
    {%- endfor %}
  from (
    {{ caller() | trim | indent(4) }}
  ) as cells
  {{ joined }}
) as cells
{{ 'where ' ~ rows if rows }}
{%- endif -%}
{%- endmacro %}

{% macro enough(people) -%}
  {#- Is each of these numbers of people none, or as many as may be told? -#}
  {%- set numbers = [people] if people is string else people -%}
  (
  {%- for number in numbers -%}
  ({{ number }} = 0 or {{ number }} >= {{ var('min_cell') | int }}){{ ' and ' if not loop.last }}
  {%- endfor -%}
  )
{%- endmacro %}

{% macro enough_throughout(people, together) -%}
  {#- The same of all rows that are alike in `together` ('' for the whole table): all of them are told or none. -#}
  (bool_and({{ enough(people) }}) over ({{ 'partition by ' ~ together if together }}))
{%- endmacro %}

{% macro enough_of_a_whole(people, whole='', order='1', also='false') -%}
  {#-
    For parts whose sum is known. Where one is small (or `also` holds), the smallest parts of the whole stay untold: at least two of them, of at
    least min_cell people together. What the told ones leave of the sum is then about enough people, and of more than one part.
  -#}
  {%- set within = 'partition by ' ~ whole if whole else '' -%}
  {%- set before = '(' ~ within ~ ' order by nullif(' ~ people ~ ', 0) nulls last, ' ~ order ~ ' rows between unbounded preceding and 1 preceding)' -%}
  {%- set least = var('min_cell') | int -%}
  (
    {{ people }} = 0
    or not (coalesce(min(nullif({{ people }}, 0)) over ({{ within }}) < {{ least }}, false) or {{ also }})
    or (
      coalesce(sum({{ people }}) over {{ before }}, 0) >= {{ least }}
      and count(*) over {{ before }} >= 2
      and {{ people }} >= {{ least }}
    )
  )
{%- endmacro %}

{% macro told_signup_months() -%}
{#-
  Which months' sign-ups and stocks are told. A month with few sign-ups is joined with those after it up to one with enough, and of such a stretch
  only the stock at its end is told; one that never ends is joined with the last month that had enough. `tells_days`: no day of the month is small.
-#}
{%- set least = var('min_cell') | int -%}
select
  metric_month,
  not is_joined as tells_signups,
  not is_joined and has_no_small_day as tells_days,
  (
    not is_joined
    or (signups >= {{ least }} and not (is_open and metric_month = last_enough))
    -- Today's stock is the first step of the funnel.
    or metric_month = last_month
  ) as tells_stock
from (
  select
    walked.*,
    (
      coalesce(small_so_far > coalesce(enough_before, '-infinity'::date), false)
      or (is_open and metric_month >= coalesce(last_enough, '-infinity'::date))
    ) as is_joined
  from (
    select
      counted.*,
      max(small_month) over (order by metric_month) as small_so_far,
      max(enough_month) over (order by metric_month rows between unbounded preceding and 1 preceding) as enough_before,
      max(enough_month) over () as last_enough,
      max(metric_month) over () as last_month,
      coalesce(max(small_month) over () > coalesce(max(enough_month) over (), '-infinity'::date), false) as is_open
    from (
      select
        months.metric_month,
        coalesce(sum(days.signups), 0) as signups,
        coalesce(bool_and(days.signups >= {{ least }}), true) as has_no_small_day,
        case when sum(days.signups) < {{ least }} then months.metric_month end as small_month,
        case when sum(days.signups) >= {{ least }} then months.metric_month end as enough_month
      from (
        {{ period_series('month') | indent(8) }}
      ) as months
      left join (
        select signup_on, count(*) as signups
        from {{ ref('history_signups') }}
        group by signup_on
      ) as days on {{ start_of('month', 'days.signup_on') }} = months.metric_month
      group by months.metric_month
    ) as counted
  ) as walked
) as stretches
{%- endmacro %}
