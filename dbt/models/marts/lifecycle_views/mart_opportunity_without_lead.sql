-- How much of sales' business had no lead before it (F17): opportunities by the month and owner they
-- were created in, customers by the month and owner of their first win. An opportunity is without a
-- lead if it names none, a customer if none of its leads was there before that win.
with origins as (select * from {{ ref('fct_opportunity_origin') }}),

leads as (select * from {{ ref('int_leads__leads') }} where not is_deleted),

account_leads as (
    select account_key, min(created_at) as first_lead_at
    from leads
    where account_key is not null
    group by account_key
),

first_wins as (
    select *
    from origins
    where is_won and account_key is not null
    qualify
        row_number() over (
            partition by account_key order by won_at asc nulls last, opportunity_key asc nulls last
        ) = 1
),

counted as (
    select
        'opportunity' as unit,
        {{ business_month("created_at") }} as month_start,
        coalesce(owner_id, '(none)') as owner_id,
        origin <> 'lead' as is_without_lead,
        origin,
        is_won
    from origins
    union all
    select
        'customer' as unit,
        {{ business_month("first_wins.won_at") }} as month_start,
        coalesce(first_wins.owner_id, '(none)') as owner_id,
        not coalesce(account_leads.first_lead_at <= first_wins.won_at, false) and first_wins.lead_key is null
            as is_without_lead,
        case when account_leads.account_key is not null then 'later_lead' else 'no_lead' end as origin,
        true as is_won
    from first_wins
    left join account_leads on first_wins.account_key = account_leads.account_key
),

cells as (
    select
        unit,
        month_start,
        owner_id,
        count(*) as n_all,
        count(*) filter (where is_without_lead) as n_without_lead,
        count(*) filter (where is_without_lead and origin = 'unnamed_prior_lead') as n_unnamed_prior_lead,
        count(*) filter (where is_without_lead and origin = 'later_lead') as n_later_lead,
        count(*) filter (where is_won) as n_won,
        count(*) filter (where is_won and is_without_lead) as n_won_without_lead
    from counted
    group by unit, month_start, owner_id
)

select
    {{ surrogate_key(["unit", "month_start", "owner_id"]) }} as opportunity_without_lead_key,
    *,
    {{ ratio("n_without_lead", "n_all") }} as without_lead_share,
    {{ wilson_bound("n_without_lead", "n_all", "low") }} as without_lead_share_low,
    {{ wilson_bound("n_without_lead", "n_all", "high") }} as without_lead_share_high,
    case when n_all < {{ policy('funnel', 'small_n') }} then 'small_n' else 'ok' end as ratio_status
from cells
