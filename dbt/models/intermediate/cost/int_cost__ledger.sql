-- Every cost line in the reporting currency: what extracts bill and what people cost. Gross is what was
-- billed, amount what it costs us once the tax we get back is out; both and the tax add up to the cent.
with lines as (select * from {{ ref('int_cost__lines') }}),

labour as (select * from {{ ref('int_cost__labour') }}),

kinds as (select * from {{ ref('cost_type') }} where {{ in_force_now() }}),

vat as (select * from {{ ref('cost_vat') }}),

rates as (
    select * from {{ ref('fx_rate') }} where to_currency = '{{ var("reporting_currency") }}'
),

people as (
    select
        labour.*,
        cast(labour.service_month + interval '1' month - interval '1' day as date) as service_to,
        {{ fx_rate("labour.currency", "rates.rate") }} as fx_rate,
        {{ converted_minor("labour.amount", "labour.currency", "rates.rate") }} as amount_minor
    from labour
    left join rates
        on upper(labour.currency) = rates.from_currency and {{ in_force('rates', 'labour.service_month') }}
),

all_lines as (
    select
        cost_key, source_system, cost_type, channel, platform, campaign_id, campaign_name, keyword_id,
        service_from, service_to, amount, currency, fx_rate, list_minor, amount_minor as gross_minor, known_at
    from lines
    union all
    select
        cost_key, source_system, 'labour' as cost_type, channel, null as platform, null as campaign_id,
        null as campaign_name, null as keyword_id, service_month as service_from, service_to, amount,
        upper(currency) as currency, fx_rate, amount_minor as list_minor, amount_minor as gross_minor, known_at
    from people
),

taxed as (
    select
        all_lines.*,
        coalesce(kinds.cost_group, others.cost_group) as cost_group,
        {{ net_of_tax_minor("all_lines.gross_minor", "coalesce(said.vat_percent, rest.vat_percent, 0)") }}
            as amount_minor
    from all_lines
    left join kinds on all_lines.cost_type = kinds.cost_type
    left join kinds as others on others.cost_type = '*'
    left join vat as said
        on
            all_lines.cost_type = said.cost_type
            and all_lines.currency = said.currency
            and {{ in_force('said', 'all_lines.service_from') }}
    left join vat as rest
        on
            rest.cost_type = '*'
            and all_lines.currency = rest.currency
            and {{ in_force('rest', 'all_lines.service_from') }}
)

select
    *,
    gross_minor - amount_minor as tax_minor,
    list_minor - gross_minor as rebate_minor
from taxed
