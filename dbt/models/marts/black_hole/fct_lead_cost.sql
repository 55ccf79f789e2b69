-- What it cost to get each lead: the cost of its channel and month of creation, shared among the leads that
-- count, by telescoping cents. Cost of a channel and month without such leads stays, without a lead.
with costs as (select * from {{ ref('fct_cost') }}),

leads as (
    select
        lead_key, channel, created_at, {{ business_month("created_at") }} as cost_month
    from {{ ref('dim_lead') }}
    where cleaning_outcome = 'net'
),

cost_cells as (
    select channel, service_month as cost_month, cost_group, sum(amount_minor) as cell_minor
    from costs
    group by channel, service_month, cost_group
),

shared as (
    select
        cost_cells.*,
        leads.lead_key,
        row_number() over cell_so_far as place,
        count(*) over (partition by cost_cells.channel, cost_cells.cost_month, cost_cells.cost_group) as n_shares
    from cost_cells
    left join leads on cost_cells.channel = leads.channel and cost_cells.cost_month = leads.cost_month
    window cell_so_far as (
        partition by cost_cells.channel, cost_cells.cost_month, cost_cells.cost_group
        order by leads.created_at asc nulls last, leads.lead_key asc nulls last
    )
)

select
    {{ surrogate_key(["channel", "cost_month", "cost_group", "lead_key"]) }} as lead_cost_key,
    lead_key,
    channel,
    cost_month,
    cost_group,
    '{{ var("reporting_currency") }}' as currency,
    cast(
        {{ telescoped_minor("cell_minor", "place", "n_shares") }}
        - {{ telescoped_minor("cell_minor", "(place - 1)", "n_shares") }} as bigint
    ) as amount_minor,
    cast(case when lead_key is not null then n_shares end as bigint) as n_leads,
    lead_key is not null as is_allocated
from shared
