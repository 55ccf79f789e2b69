-- A returned row is a person with periods at accounts and not exactly one main account, or one whose
-- dim_person names another account.
with periods as (select * from {{ ref('bridge_person_account') }}),

persons as (select * from {{ ref('dim_person') }}),

mains as (
    select
        person_key,
        sum(case when is_main then 1 else 0 end) as n_mains,
        max(case when is_main then account_key end) as account_key,
        sum(case when is_main and not is_current then 1 else 0 end) as n_past_mains
    from periods
    group by person_key
)

select mains.*
from mains
left join persons on mains.person_key = persons.person_key
where
    mains.n_mains <> 1
    or mains.n_past_mains > 0
    or coalesce(persons.account_key, '') <> mains.account_key
