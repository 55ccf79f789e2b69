-- A mart whose extracts were not delivered for longer than their freshness SLA, beside the newest extract
-- of all (L15): the rest of the company went on, this did not.
{{ config(severity='warn') }}
select * from {{ ref('mart_freshness') }} where is_stale
