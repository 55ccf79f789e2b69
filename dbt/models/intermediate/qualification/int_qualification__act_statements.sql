-- Statements about predicates that ask whether something was done: false since creation, true for the
-- days of the row after each act (for ever without any). Without the extract nothing is stated.
with leads as (select lead_key, created_at, first_known_at from {{ ref('int_leads__leads') }}),

occurrences as (select * from {{ ref('int_qualification__occurrences') }}),

presence as (select * from {{ ref('int_quality__extract_presence') }} where is_present),

predicates as (
    select predicates.*
    from {{ ref('int_qualification__predicates') }} as predicates
    inner join presence on predicates.extract_table = presence.extract_table
    where predicates.match_kind = 'occurred'
),

stated as (
    select
        leads.lead_key, predicates.predicate, false as is_true,
        greatest(leads.created_at, predicates.rule_from) as valid_from, predicates.rule_to as valid_to,
        leads.first_known_at as known_at
    from leads
    cross join predicates
    union all
    select
        occurrences.lead_key, predicates.predicate, true as is_true,
        greatest(occurrences.occurred_at, predicates.rule_from) as valid_from,
        least(
            occurrences.occurred_at + predicates.lasting_days * interval '1' day, predicates.rule_to
        ) as valid_to,
        occurrences.known_at
    from occurrences
    inner join predicates
        on occurrences.signal_kind = predicates.signal_kind and occurrences.signal = predicates.signal
)

select lead_key, predicate, is_true, valid_from, valid_to, known_at
from stated
where valid_from < coalesce(valid_to, timestamp '9999-12-31 00:00:00')
