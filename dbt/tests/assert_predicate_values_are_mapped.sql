-- Values that nobody has said true, false or unknown of: the predicate is unknown meanwhile (X2). The
-- values stay here, somebody may have typed a name.
{{ config(severity='warn') }}
with signals as (select * from {{ ref('int_qualification__field_signals') }}),

predicates as (
    select * from {{ ref('int_qualification__predicates') }}
    where signal_kind = 'lead_field' and match_kind = 'value'
),

value_rows as (select * from {{ ref('predicate_value') }})

select
    predicates.predicate,
    predicates.rule_version,
    count(distinct lower(trim(signals.signal_value))) as n_values,
    count(distinct signals.lead_key) as n_leads
from signals
inner join predicates on signals.signal = predicates.signal
left join value_rows
    on
        predicates.predicate = value_rows.predicate
        and predicates.rule_version = value_rows.rule_version
        and lower(trim(signals.signal_value)) = value_rows.signal_value
where signals.signal_value is not null and value_rows.predicate is null
group by predicates.predicate, predicates.rule_version
