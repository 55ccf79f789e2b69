-- A row is a stage assertion that lies before its lead's creation, in the future, or that we had
-- before it happened: kept and flagged, worth a look at the source's clock.
{{ config(severity='warn') }}
select
    lead_key,
    evidence,
    stage
from {{ ref('fct_lead_stage_event') }}
where is_before_creation or is_known_before_it_happened or is_in_future
