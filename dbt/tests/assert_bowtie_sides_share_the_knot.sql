-- A row says that commit does not have the same customers on both sides (F20).
with bowtie as (select * from {{ ref('mart_bowtie') }} where bowtie_phase = 'commit'),

customers as (select distinct account_key from {{ ref('fct_account_stage_interval') }})

select
    count(*) as n_sides,
    min(n_reached) as least,
    max(n_reached) as most,
    (select count(*) from customers) as n_customers
from bowtie
having count(*) <> 2 or min(n_reached) <> max(n_reached) or max(n_reached) <> (select count(*) from customers)
