-- Wins, and with each win the enquiries it is compared with: created in the same month, looked at when they
-- had the age the winner won at, and not won by then (M02, D9). Some of a month's enquiries stand for all:
-- those that follow the winner in the order of their keys, which are hashes.
with enquiries as (select * from {{ ref('int_funnel__enquiries') }}),

reached as (select * from {{ ref('int_funnel__reached') }}),

outcomes as (select lead_key, survivor_lead_key, cleaning_outcome from {{ ref('int_leads__outcomes') }}),

as_of as (select as_of from {{ ref('int_time__as_of') }}),

numbered as (
    select
        enquiry_lead_key,
        cohort_month,
        reached_lead_at,
        reached_account_at,
        row_number() over (partition by cohort_month order by enquiry_lead_key asc nulls last) - 1 as place,
        count(*) over (partition by cohort_month) as n_places
    from enquiries
),

-- The lead of the enquiry that won first.
winners as (
    select
        numbered.enquiry_lead_key,
        numbered.cohort_month,
        numbered.place,
        numbered.n_places,
        min(reached.lead_key) as lead_key,
        max(numbered.reached_account_at) as won_at,
        max({{ seconds_between("numbered.reached_lead_at", "numbered.reached_account_at") }}) as age_seconds
    from numbered
    inner join outcomes
        on numbered.enquiry_lead_key = outcomes.survivor_lead_key and outcomes.cleaning_outcome <> 'exclude'
    inner join reached
        on outcomes.lead_key = reached.lead_key and numbered.reached_account_at = reached.reached_account_at
    group by numbered.enquiry_lead_key, numbered.cohort_month, numbered.place, numbered.n_places
),

steps as (
    {{ series("1", policy("prewin", "controls_per_win"), "step") }}
),

picked as (
    select
        winners.enquiry_lead_key as win_key,
        winners.cohort_month,
        (winners.place + steps.step) % winners.n_places as place,
        winners.age_seconds
    from winners
    inner join steps on winners.n_places > steps.step
),

controls as (
    select
        picked.win_key,
        numbered.enquiry_lead_key as lead_key,
        numbered.reached_account_at,
        {{ seconds_later("numbered.reached_lead_at", "picked.age_seconds") }} as ends_at
    from picked
    inner join numbered on picked.cohort_month = numbered.cohort_month and picked.place = numbered.place
)

select
    {{ surrogate_key(["enquiry_lead_key", "lead_key", "'win'"]) }} as moment_key,
    enquiry_lead_key as win_key, lead_key, 'win' as moment_kind, won_at as ends_at
from winners
union all
select
    {{ surrogate_key(["controls.win_key", "controls.lead_key", "'control'"]) }} as moment_key,
    controls.win_key, controls.lead_key, 'control' as moment_kind, controls.ends_at
from controls
cross join as_of
where
    controls.ends_at <= as_of.as_of
    and controls.ends_at < coalesce(controls.reached_account_at, timestamp '9999-12-31 00:00:00')
