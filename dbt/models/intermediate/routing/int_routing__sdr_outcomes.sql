with spells as (select * from {{ ref('int_routing__sdr_spells') }}),

rules as (select * from {{ ref('sdr_outcome_rule') }} where {{ in_force_now() }}),

reasons as (select * from {{ ref('int_routing__lead_reasons') }}),

signals as (select distinct ending, contact from spells),

matched as (
    select signals.ending, signals.contact, rules.outcome, rules.rule_version
    from signals
    cross join rules
    where
        coalesce({{ regex_like("signals.ending", "rules.ending_regex") }}, true)
        and coalesce({{ regex_like("signals.contact", "rules.contact_regex") }}, true)
    qualify
        row_number() over (
            partition by signals.ending, signals.contact order by rules.rule_order asc nulls last
        ) = 1
)

select
    spells.*,
    matched.outcome,
    matched.rule_version,
    case matched.outcome
        when 'disqualified' then reasons.junk_reason
        when 'nurtured' then reasons.recycle_reason
        when 'unreachable' then reasons.recycle_reason
    end as reason_code
from spells
left join matched on spells.ending = matched.ending and spells.contact = matched.contact
left join reasons on spells.lead_key = reasons.lead_key
