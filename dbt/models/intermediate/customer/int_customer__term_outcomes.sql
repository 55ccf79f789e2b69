-- How each term ends: renewed, ended by the customer, or run out. A term that nobody renewed keeps the
-- customer for the days of grace; one that renews by itself goes on until somebody ends it.
with terms as (select * from {{ ref('int_customer__terms') }}),

signals as (select * from {{ ref('int_customer__signals') }}),

renewals as (select * from {{ ref('int_customer__renewals') }}),

decisions as (
    select renewals.contract_key, renewals.renewal_number, renewals.due_at, signals.meaning, signals.occurred_at
    from renewals
    -- A renewal that is not decided yet still says when it is due.
    left join signals
        on renewals.renewal_key = signals.source_key and signals.signal_source = 'renewal'
),

due as (
    select
        terms.*,
        coalesce(terms.ends_at, decisions.due_at) as due_at,
        greatest(coalesce(terms.ends_at, decisions.due_at), decisions.due_at) as last_due_at,
        decisions.meaning,
        decisions.occurred_at as decided_at,
        terms.is_auto_renewing and {{ policy('customer', 'auto_renew_extends') }} = 1 as renews_by_itself
    from terms
    left join decisions
        on
            terms.contract_key = decisions.contract_key
            and terms.renewal_number = decisions.renewal_number
    where terms.basis <> 'promise'
),

-- Contracts that say they renew and run longer are the renewal of what they outlast; so is a renewal that
-- was won and whose contract, and term, are not known yet.
followed as (
    select due.term_key, min(followers.starts_at) as followed_at
    from due
    inner join terms as followers
        on
            due.account_key = followers.account_key
            and due.starts_at < followers.starts_at
            and due.due_at < coalesce(
                case when followers.basis = 'contract' then followers.ends_at end,
                timestamp '9999-12-31 00:00:00'
            )
    inner join signals
        on followers.source_key = signals.source_key and signals.meaning = 'renews'
    where signals.signal_source <> 'renewal'
    group by due.term_key
),

judged as (
    select
        due.*,
        case when due.meaning = 'ends' then greatest(due.decided_at, due.last_due_at) end as ended_at,
        due.due_at + interval '1' day * {{ policy('customer', 'lapse_grace_days') }} as grace_ends_at,
        least(
            case when due.meaning = 'renews' then due.decided_at end,
            followed.followed_at,
            -- What renews by itself does so on the day, whatever is decided later.
            case when due.renews_by_itself then due.due_at end
        ) as renewed_at,
        followed.followed_at,
        case
            when due.meaning = 'renews' then 'decision'
            when followed.followed_at is not null then 'contract'
            when due.renews_by_itself then 'silent'
        end as renewal_basis
    from due
    left join followed on due.term_key = followed.term_key
),

lapsed as (
    select
        term_key, account_key, basis, contract_key, starts_at, due_at, renewed_at, renewal_basis, ended_at,
        case
            when ended_at is not null and renews_by_itself then ended_at
            when ended_at is not null then least(ended_at, grace_ends_at)
            when renews_by_itself and followed_at is not null then greatest(followed_at, grace_ends_at)
            when not renews_by_itself then grace_ends_at
        end as lapses_at
    from judged
)

select
    *,
    case
        when due_at is not null
            then greatest(due_at - interval '1' day * {{ policy('customer', 'renewal_notice_days') }}, starts_at)
    end as window_from,
    least(renewed_at, lapses_at) as window_to
from lapsed
union all
-- What was promised ends when its contract begins, and is not up for renewal.
select
    term_key, account_key, basis, contract_key, starts_at, null as due_at, null as renewed_at,
    null as renewal_basis, null as ended_at, ends_at as lapses_at, null as window_from, null as window_to
from terms
where basis = 'promise'
