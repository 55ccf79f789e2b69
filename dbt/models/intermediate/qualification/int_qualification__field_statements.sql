-- Statements about predicates judged by a lead field. A value row decides first; without one the match
-- kind does. What neither decides is unknown and makes no statement.
with signals as (select * from {{ ref('int_qualification__field_signals') }}),

predicates as (
    select * from {{ ref('int_qualification__predicates') }} where signal_kind = 'lead_field'
),

value_rows as (select * from {{ ref('predicate_value') }}),

industries as (select * from {{ ref('target_industry') }} where {{ in_force_now() }}),

judged as (
    select
        signals.lead_key,
        predicates.predicate,
        greatest(signals.valid_from, predicates.rule_from) as valid_from,
        least(signals.valid_to, predicates.rule_to) as valid_to,
        signals.known_at,
        case
            when value_rows.predicate is not null then value_rows.is_true
            when predicates.match_kind = 'is_present' then signals.signal_value is not null
            when predicates.match_kind = 'is_stated'
                then case when signals.signal_value is not null then true end
            when predicates.match_kind = 'target_industry'
                then case when signals.signal_value is not null then industries.industry is not null end
            when predicates.match_kind = 'at_least'
                then
                    try_cast(signals.signal_value as decimal(18, 4))
                    >= try_cast(predicates.match_value as decimal(18, 4))
        end as is_true
    from signals
    inner join predicates
        on
            signals.signal = predicates.signal
            and predicates.rule_from < coalesce(signals.valid_to, timestamp '9999-12-31 00:00:00')
            and signals.valid_from < coalesce(predicates.rule_to, timestamp '9999-12-31 00:00:00')
    left join value_rows
        on
            predicates.predicate = value_rows.predicate
            and predicates.rule_version = value_rows.rule_version
            and lower(trim(signals.signal_value)) = value_rows.signal_value
    left join industries on trim(signals.signal_value) = industries.industry
)

select lead_key, predicate, is_true, valid_from, valid_to, known_at
from judged
where is_true is not null and valid_from < coalesce(valid_to, timestamp '9999-12-31 00:00:00')
