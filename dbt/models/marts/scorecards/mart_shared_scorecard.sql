-- Marketing and customer success on one page: what each channel's leads became, through the win to the
-- renewal. An account belongs to the channel of its very first lead.
with path as (
    select * from {{ ref('mart_funnel_path') }}
    where period_kind = 'all' and dimension_kind = 'channel'
),

paths as (select * from {{ ref('funnel_path') }} where {{ in_force_now() }}),

volumes as (
    select channel, count(*) as n_net_leads
    from {{ ref('dim_lead') }}
    where cleaning_outcome = 'net'
    group by channel
),

first_leads as (select * from {{ ref('int_leads__first_leads') }} where unit = 'account'),

leads as (select lead_key, channel from {{ ref('int_leads__leads') }}),

terms as (select * from {{ ref('int_customer__due_terms') }}),

customers as (select distinct account_key from {{ ref('int_customer__terms') }}),

channels as (select * from {{ ref('dim_channel') }}),

statuses as (select * from {{ ref('scorecard_status') }} where {{ in_force_now() }}),

presence as (
    select max(cast(is_present as integer)) = 1 as has_terms
    from {{ ref('int_quality__extract_presence') }}
    where extract_table in ('contracts', 'renewals')
),

wins as (
    select
        path.dimension_value as channel,
        max(path.n_mature) as n_mature_leads,
        max(path.n_reached) as n_wins,
        max(path.end_to_end_rate) as win_rate,
        max(path.end_to_end_rate_low) as win_rate_low,
        max(path.end_to_end_rate_high) as win_rate_high
    from path
    inner join paths on path.path = paths.path and path.stage = paths.to_stage
    where paths.is_headline
    group by path.dimension_value
),

accounts as (
    select
        customers.account_key,
        coalesce(leads.channel, '(unattributed)') as channel
    from customers
    left join first_leads on customers.account_key = first_leads.unit_key
    left join leads on first_leads.lead_key = leads.lead_key
),

retention as (
    select
        accounts.channel,
        count(distinct accounts.account_key) as n_customers,
        count(terms.term_key) as n_terms_due,
        count(*) filter (where terms.outcome = 'renewed' and coalesce(terms.renewal_basis <> 'silent', true))
            as n_renewed,
        count(*) filter (where terms.outcome = 'renewed' and terms.renewal_basis = 'silent')
            as n_renewed_silently,
        count(*) filter (where terms.outcome = 'ended') as n_ended
    from accounts
    left join terms on accounts.account_key = terms.account_key
    group by accounts.channel
),

joined as (
    select
        channels.channel, channels.label_en, channels.label_zh, channels.display_order,
        coalesce(volumes.n_net_leads, 0) as n_net_leads,
        coalesce(wins.n_mature_leads, 0) as n_mature_leads,
        wins.n_wins, wins.win_rate, wins.win_rate_low, wins.win_rate_high,
        coalesce(retention.n_customers, 0) as n_customers,
        coalesce(retention.n_terms_due, 0) as n_terms_due,
        coalesce(retention.n_renewed, 0) as n_renewed,
        coalesce(retention.n_renewed_silently, 0) as n_renewed_silently,
        coalesce(retention.n_ended, 0) as n_ended,
        presence.has_terms
    from channels
    cross join presence
    left join volumes on channels.channel = volumes.channel
    left join wins on channels.channel = wins.channel
    left join retention on channels.channel = retention.channel
),

rated as (
    select
        *,
        case
            when n_wins is null and n_mature_leads > 0 then 'not_computable'
            when n_net_leads = 0 then 'nothing_yet'
            when n_mature_leads = 0 then 'immature'
            when n_mature_leads < {{ policy('funnel', 'small_n') }} then 'small_n'
            else 'ok'
        end as win_status,
        case
            when not has_terms then 'not_computable'
            when n_customers = 0 then 'nothing_yet'
            when n_renewed + n_ended = 0 and n_renewed_silently > 0 then 'renewed_silently'
            when n_renewed + n_ended = 0 then 'immature'
            when n_renewed + n_ended < {{ policy('funnel', 'small_n') }} then 'small_n'
            else 'ok'
        end as renewal_status
    from joined
)

select
    rated.channel, rated.label_en, rated.label_zh, rated.n_net_leads, rated.n_mature_leads,
    rated.n_wins, rated.win_rate, rated.win_rate_low, rated.win_rate_high,
    rated.win_status,
    win_statuses.verdict_en as win_verdict_en,
    win_statuses.verdict_zh as win_verdict_zh,
    case when rated.has_terms then rated.n_customers end as n_customers,
    case when rated.has_terms then rated.n_terms_due end as n_terms_due,
    case when rated.has_terms then rated.n_renewed end as n_renewed,
    case when rated.has_terms then rated.n_renewed_silently end as n_renewed_silently,
    case when rated.has_terms then rated.n_ended end as n_ended,
    {{ ratio("rated.n_renewed", "(rated.n_renewed + rated.n_ended)", "rated.has_terms") }} as renewal_rate,
    case
        when rated.has_terms then {{ wilson_bound("rated.n_renewed", "(rated.n_renewed + rated.n_ended)", "low") }}
    end as renewal_rate_low,
    case
        when rated.has_terms then {{ wilson_bound("rated.n_renewed", "(rated.n_renewed + rated.n_ended)", "high") }}
    end as renewal_rate_high,
    rated.renewal_status,
    renewal_statuses.verdict_en as renewal_verdict_en,
    renewal_statuses.verdict_zh as renewal_verdict_zh
from rated
left join statuses as win_statuses on rated.win_status = win_statuses.status
left join statuses as renewal_statuses on rated.renewal_status = renewal_statuses.status
