-- When an enquiry was given up: the instants after which none of its leads was on the way to a deal
-- any more (disqualified, recycled, paused, lost or deleted). It may come back and be given up again.
with outcomes as (
    select lead_key, survivor_lead_key
    from {{ ref('int_leads__outcomes') }}
    where cleaning_outcome <> 'exclude'
),

intervals as (select * from {{ ref('int_lifecycle__intervals') }}),

stays as (
    select
        outcomes.survivor_lead_key as enquiry_lead_key,
        intervals.stage,
        intervals.path_kind,
        intervals.entered_at,
        intervals.exited_at
    from intervals
    inner join outcomes on intervals.lead_key = outcomes.lead_key
),

moves as (
    select enquiry_lead_key, entered_at as moved_at, 1 as delta from stays where path_kind <> 'detour'
    union all
    select enquiry_lead_key, exited_at as moved_at, -1 as delta
    from stays
    where path_kind <> 'detour' and exited_at is not null
),

-- From one stage to the next is in and out at the same instant: what counts is the rest.
instants as (
    select enquiry_lead_key, moved_at, sum(delta) as delta
    from moves
    group by enquiry_lead_key, moved_at
),

stocks as (
    select
        enquiry_lead_key,
        moved_at,
        sum(delta) over (
            partition by enquiry_lead_key order by moved_at asc nulls last
            rows between unbounded preceding and current row
        ) as n_on_path
    from instants
)

select
    stocks.enquiry_lead_key,
    stocks.moved_at as exited_at,
    -- NULL: the CRM deleted it.
    max(stays.stage) as exit_stage
from stocks
left join stays
    on
        stocks.enquiry_lead_key = stays.enquiry_lead_key
        and stocks.moved_at = stays.entered_at
        and stays.path_kind = 'detour'
where stocks.n_on_path = 0
group by stocks.enquiry_lead_key, stocks.moved_at
