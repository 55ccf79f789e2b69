-- One primary reason per lead that is not net, so the reasons of a day add up to its rejects.
with leads as (select * from {{ ref('dim_lead') }} where cleaning_outcome <> 'net'),

rules as (select * from {{ ref('cleaning_rule') }} where {{ in_force_now() }}),

counted as (
    select created_date, channel, cleaning_outcome, primary_rule_id, count(*) as n_leads
    from leads
    group by created_date, channel, cleaning_outcome, primary_rule_id
)

select
    {{ surrogate_key(["counted.created_date", "counted.channel", "counted.primary_rule_id"]) }}
        as lead_reject_reason_key,
    counted.created_date,
    counted.channel,
    counted.cleaning_outcome,
    counted.primary_rule_id,
    rules.label_en as rule_label_en,
    rules.label_zh as rule_label_zh,
    counted.n_leads
from counted
inner join rules on counted.primary_rule_id = rules.rule_id
