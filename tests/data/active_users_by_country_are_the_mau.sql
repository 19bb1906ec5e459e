{{ config(enabled=var('min_cell') | int <= 1) }}

-- The countries of a month add up to its MAU; a month without anybody active has no country.
select monthly.metric_month, monthly.mau, sum(countries.mau) as mau_of_countries
from {{ ref('monthly_metrics') }} as monthly
full join {{ ref('mau_by_country') }} as countries on countries.metric_month = monthly.metric_month
group by monthly.metric_month, monthly.mau
having monthly.mau is distinct from coalesce(sum(countries.mau), 0)
