{{ config(meta={'lineage': 'declared'}) }}
-- No text beyond staging is an e-mail address, telephone number, full name, address or text of somebody in staging, looks like one, or is a canary's
-- (vars: canaries). A row says where and what, never the text itself: failures may be stored, and are printed.
-- In a build it comes after every model: these are those that no other reads. What it searches it finds in the catalogue.
{%- for model in [
    'dim_locations', 'dim_schools', 'glossary_terms', 'orphaned_records', 'user_cohorts', 'user_journey_events', 'account_funnel',
    'activity_by_type', 'churn_analysis', 'cohort_activation', 'cohort_retention', 'collection_metrics', 'collection_sharing',
    'content_type_distribution', 'daily_metrics', 'education_distribution', 'engagement_intensity', 'finder_metrics',
    'geographic_distribution', 'mau_by_country', 'monthly_metrics', 'post_metrics', 'profile_metrics', 'search_intents', 'top_companies',
    'top_contributors', 'top_posts', 'top_projects', 'top_roles', 'user_engagement_levels', 'user_segmentation', 'weekly_metrics',
    'behavior_patterns', 'behavior_sequences', 'scoring_activation', 'scoring_engagement', 'training_data_activation',
    'training_data_engagement'
  ] %}{% do ref(model) %}{% endfor %}
{%- set beyond = [] %}
{%- if execute %}
  {%- set source_schemas = graph.sources.values() | map(attribute='schema') | list %}
  {%- for node in graph.nodes.values() if node.resource_type in ['model', 'snapshot', 'seed'] %}
    {%- if node.schema not in source_schemas and node.schema not in beyond %}{% do beyond.append(node.schema) %}{% endif %}
  {%- endfor %}
{%- endif %}

with cells as materialized (

  {{ text_cells(beyond) if execute }}

),

personal as (

  {{ personal_values() if execute }}

),

public as (

  {{ public_values() if execute }}

),

texts as materialized (

  -- Each text once, wherever it stands; keyed hashes and uuids, which are most of them, can only equal something.
  select cell, {{ normal_text('cell') }} as normal, cell ~ '^([0-9a-f]{64}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$' as is_key
  from cells
  where cell <> ''
  group by cell

),

found as (

  select texts.cell, 'equals the ' || personal.kind || ' of somebody in staging' as what
  from texts
  join personal on personal.value = texts.normal and personal.kind <> 'phone'
  where not exists (select from public where public.value = texts.normal)

  union all

  select texts.cell, 'equals the telephone number of somebody in staging'
  from texts
  join personal on personal.kind = 'phone' and personal.value = {{ normal_phone('texts.cell') }}
  where not texts.is_key
    and texts.cell ~ '^[-+\d ()./]{7,}$'
    and texts.cell !~ '^\d{4}-\d\d-\d\d'

  union all

  select texts.cell, 'holds ' || {{ looks_personal('texts.cell') }}
  from texts
  where not texts.is_key
    and {{ looks_personal('texts.cell') }} is not null
    and not exists (select from public where public.value = texts.normal)

  union all

  select texts.cell, 'holds the text of a canary'
  from texts
  cross join (values (null::text)
    {%- for canary in var('canaries', []) %}, (lower('{{ canary | replace("'", "''") }}')){% endfor %}) as canaries (mark)
  where not texts.is_key
    and position(canaries.mark in texts.normal) > 0

)

select cells.relation, cells.column_name, found.what, count(distinct found.cell) as texts
from found
join cells on cells.cell = found.cell
group by cells.relation, cells.column_name, found.what
