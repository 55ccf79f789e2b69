-- Results per full-time month. A side's sums are the company's; the two sides credit the same events
-- and are not to be added.
with user_months as (select * from {{ ref('int_routing__user_months') }} where side in ('sdr', 'sales')),

credits as (select * from {{ ref('int_routing__credits') }}),

as_of as (select as_of from {{ ref('int_time__as_of') }}),

presence as (
    select
        count(*) filter (where extract_table = 'crm_opportunities' and is_present) = 1 as has_opportunities,
        count(*) filter (where extract_table = 'payments' and is_present) = 1 as has_payments
    from {{ ref('int_quality__extract_presence') }}
),

credited as (
    select
        credits.side,
        credits.source_system,
        credits.user_id,
        {{ business_month("credits.happened_at") }} as month_start,
        count(*) filter (where credits.event_kind = 'sql') as n_sqls,
        count(*) filter (where credits.event_kind = 'opportunity') as n_opportunities,
        count(*) filter (where credits.event_kind = 'won') as n_won,
        sum(case when credits.event_kind = 'won' then credits.amount_minor end) as won_minor,
        sum(case when credits.event_kind = 'cash' then credits.amount_minor end) as cash_minor
    from credits
    cross join as_of
    where credits.happened_at <= as_of.as_of
    group by credits.side, credits.source_system, credits.user_id, {{ business_month("credits.happened_at") }}
),

-- Who moved within the month stands under the team of most of its days, with the whole month.
months as (
    select
        source_system, user_id, side, month_start,
        max_by(
            team_id,
            concat(lpad(cast(n_active_days as {{ dbt.type_string() }}), 2, '0'), coalesce(team_id, ''))
        ) as main_team_id,
        {{ ratio("sum(n_active_days)", "max(n_days_of_month)") }} as fte_months
    from user_months
    group by source_system, user_id, side, month_start
),

-- Cash comes in long after the person left: a month without the person has results and no time.
joined as (
    select
        coalesce(months.source_system, credited.source_system) as source_system,
        coalesce(months.user_id, credited.user_id) as user_id,
        coalesce(months.side, credited.side) as side,
        coalesce(months.month_start, credited.month_start) as month_start,
        months.main_team_id as team_id,
        coalesce(months.fte_months, 0) as fte_months,
        coalesce(credited.n_sqls, 0) as n_sqls,
        coalesce(credited.n_opportunities, 0) as n_opportunities,
        coalesce(credited.n_won, 0) as n_won,
        coalesce(credited.won_minor, 0) as won_minor,
        coalesce(credited.cash_minor, 0) as cash_minor
    from months
    full outer join credited
        on
            months.source_system = credited.source_system
            and months.user_id = credited.user_id
            and months.side = credited.side
            and months.month_start = credited.month_start
)

select
    {{ surrogate_key(["source_system", "user_id", "side", "month_start"]) }} as rep_productivity_key,
    source_system,
    user_id,
    side,
    team_id,
    month_start,
    fte_months,
    n_sqls,
    case when presence.has_opportunities then n_opportunities end as n_opportunities,
    case when presence.has_opportunities then n_won end as n_won,
    case when presence.has_opportunities then cast(won_minor as bigint) end as won_minor,
    case when presence.has_payments then cast(cash_minor as bigint) end as cash_minor,
    '{{ var("reporting_currency") }}' as currency,
    {{ ratio("n_sqls", "fte_months") }} as sqls_per_fte_month,
    {{ ratio("n_opportunities", "fte_months", "presence.has_opportunities") }} as opportunities_per_fte_month,
    {{ ratio("won_minor", "fte_months", "presence.has_opportunities") }} as won_minor_per_fte_month,
    {{ ratio("cash_minor", "fte_months", "presence.has_payments") }} as cash_minor_per_fte_month
from joined
cross join presence
