with leads as (
    select * from {{ ref('dim_lead') }}
    where account_key is not null and cleaning_outcome <> 'exclude' and not is_deleted
),

scores as (select * from {{ ref('fct_lead_score') }} where valid_to is null),

buckets as (select * from {{ ref('account_bucket') }} where {{ in_force_now() }}),

-- A lead without a person is somebody of its own.
persons as (
    select
        leads.account_key,
        coalesce(leads.person_key, leads.lead_key) as person_key,
        count(*) as n_leads,
        max(scores.total_points) as points,
        max(scores.behaviour_points) as behaviour_points,
        max(scores.attribute_points) as attribute_points
    from leads
    left join scores on leads.lead_key = scores.lead_key
    group by leads.account_key, coalesce(leads.person_key, leads.lead_key)
),

ranked as (
    select
        persons.*,
        bands.band,
        row_number() over (
            partition by persons.account_key
            order by persons.points desc nulls last, persons.person_key asc nulls last
        ) as person_rank
    from persons
    left join {{ ref('int_scoring__bands') }} as bands
        on
            persons.points >= bands.min_points
            and persons.points <= bands.max_points
            and bands.valid_to is null
),

accounts as (
    select
        account_key,
        cast(count(*) as integer) as n_persons,
        cast(sum(n_leads) as integer) as n_leads,
        cast(count(*) filter (where behaviour_points > 0) as integer) as n_engaged_persons,
        cast(count(*) filter (where band = 'HOT') as integer) as n_hot_persons,
        cast(count(*) filter (where band = 'WARM') as integer) as n_warm_persons,
        max(points) as max_points,
        cast(
            sum(points) filter (where person_rank <= {{ policy('score', 'account_top_k') }}) as integer
        ) as top_k_points
    from ranked
    group by account_key
)

select
    accounts.account_key,
    accounts.n_persons,
    accounts.n_leads,
    -- Without behaviour extracts nobody is known to be engaged, or not to be.
    case when accounts.max_points is not null then accounts.n_engaged_persons end as n_engaged_persons,
    case when accounts.max_points is not null then accounts.n_hot_persons end as n_hot_persons,
    case when accounts.max_points is not null then accounts.n_warm_persons end as n_warm_persons,
    accounts.max_points,
    accounts.top_k_points,
    buckets.bucket,
    buckets.rule_version
from accounts
left join buckets
    on
        accounts.max_points >= buckets.min_max_points
        and accounts.n_engaged_persons >= buckets.min_engaged_persons
qualify row_number() over (partition by accounts.account_key order by buckets.bucket_order asc nulls last) = 1
