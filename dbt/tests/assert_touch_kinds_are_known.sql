-- A row is a kind of interaction that no row of touch_kind names (A15): it is listed in fct_touchpoint and
-- earns nothing. Remedy: add it to seeds/rules/touch_kind.csv.
{{ config(severity='warn') }}
select
    touch_kind,
    source_system,
    count(*) as n_touches
from {{ ref('int_touchpoints__unified') }}
where not is_known_kind
group by touch_kind, source_system
