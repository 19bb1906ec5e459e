{{ config(indexes=[{'columns': ['metric_week'], 'unique': true}]) }}

{{ period_metrics('week') }}
