-- Business days on which an account used the product.
with deliveries as (select * from {{ ref('stg_success__product_usage_daily') }}),

-- Restated: the newest word on a user and day wins.
users as (
    {{ latest_version('deliveries', ['_source_system', 'account_id', 'user_key', 'date']) }}
),

account_ids as (select * from {{ ref('int_customer__account_ids') }})

select
    account_ids.account_key,
    users.date as usage_date,
    count(distinct users.user_key) as n_active_users
from users
inner join account_ids
    on users._source_system = account_ids.source_system and users.account_id = account_ids.account_id
where users.active and not users._is_deleted
group by account_ids.account_key, users.date
