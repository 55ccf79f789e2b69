-- Times of leads in the black hole, half-open, with what let them fall in and what took them out.
with intervals as (select * from {{ ref('int_blackhole__intervals') }}),

causes as (select * from {{ ref('int_blackhole__causes') }}),

exits as (select * from {{ ref('black_hole_exit') }} where {{ in_force_now() }}),

leads as (select * from {{ ref('dim_lead') }}),

sources as (select * from {{ ref('fct_lead_source') }} where source_kind = 'original'),

as_of as (select as_of from {{ ref('int_time__as_of') }})

select
    {{ surrogate_key(["intervals.lead_key", "intervals.entered_at"]) }} as black_hole_interval_key,
    intervals.lead_key,
    cast(intervals.interval_number as integer) as interval_number,
    intervals.entered_at,
    intervals.left_at,
    {{ business_date("intervals.entered_at") }} as entered_date,
    {{ business_date("intervals.left_at") }} as left_date,
    intervals.left_at is null as is_open,
    intervals.stage_at_entry,
    causes.cause,
    causes.responsible_party,
    coalesce(said.exit_kind, others.exit_kind) as exit_kind,
    coalesce(said.is_rescue, others.is_rescue) as is_rescue,
    causes.owner_user_id,
    causes.owner_team_id,
    causes.owner_side,
    leads.channel,
    sources.channel as original_channel,
    intervals.silent_since,
    cast(causes.n_attempts as integer) as n_attempts,
    cast(causes.n_conversations as integer) as n_conversations,
    {{ seconds_between("leads.created_at", "intervals.entered_at") }} / 86400 as age_days_at_entry,
    {{ seconds_between("intervals.entered_at", "coalesce(intervals.left_at, as_of.as_of)") }} / 86400
        as days_in_hole,
    intervals.rule_version,
    causes.cause_rule_version
from intervals
inner join causes
    on intervals.lead_key = causes.lead_key and intervals.interval_number = causes.interval_number
inner join leads on intervals.lead_key = leads.lead_key
cross join as_of
left join sources on intervals.lead_key = sources.lead_key
left join exits as said on intervals.ended_by = said.ended_by
left join exits as others on intervals.ended_by is not null and others.ended_by = '*'
