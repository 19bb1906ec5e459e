{{ config(indexes=[{'columns': ['metric_month'], 'unique': true}]) }}

{{ period_metrics('month') }}
