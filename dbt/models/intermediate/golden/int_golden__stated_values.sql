-- What each record said of each attribute, and from when until when on the axis of business time.
{%- set attributes = ["full_name", "title", "company_name", "email", "phone", "phone_2", "credit_code", "website"] %}
with versions as (select * from {{ ref('int_golden__timed_versions') }}),

leads as (select * from {{ ref('int_crm__leads') }}),

lead_periods as (select * from {{ ref('int_crm__lead_field_periods') }}),

said as (
    {%- for attribute in attributes %}
    select
        record_key, record_type, source_system, version_number, said_at, known_to is null as is_last,
        '{{ attribute }}' as attribute, {{ attribute }} as raw_value
    from versions
    {{ "where record_type <> 'crm_lead'" if attribute == "title" }}
    {{ "union all" if not loop.last }}
    {%- endfor %}
),

compared as (
    select
        *,
        lag(raw_value) over (
            partition by record_key, attribute order by version_number asc nulls last
        ) as value_before,
        max(case when is_last then 1 else 0 end) over (partition by record_key, attribute) = 1 as is_alive
    from said
),

-- A version that repeats the value says nothing new; one without it takes it back.
runs as (
    select
        *,
        lead(said_at) over (
            partition by record_key, attribute order by version_number asc nulls last
        ) as said_until,
        row_number() over (
            partition by record_key, attribute order by version_number desc nulls last
        ) = 1 as is_newest
    from compared
    where coalesce(raw_value, '') <> coalesce(value_before, '')
),

-- The CRM logs some fields of a lead to the second: better than its deliveries.
logged as (
    select
        {{ surrogate_key(["'crm_lead'", "leads.source_system", "leads.lead_id"]) }} as record_key,
        leads.source_system,
        lead_periods.field_name as attribute,
        lead_periods.field_value as raw_value,
        lead_periods.valid_from as said_at,
        lead_periods.valid_to as said_until
    from lead_periods
    inner join leads on lead_periods.lead_key = leads.lead_key
    where lead_periods.valid_to is null or lead_periods.valid_to > lead_periods.valid_from
)

select
    record_key, record_type, source_system, attribute, raw_value, said_at, said_until,
    is_newest and is_alive as is_current
from runs
where raw_value is not null
union all
select
    record_key, 'crm_lead' as record_type, source_system, attribute, raw_value, said_at, said_until,
    said_until is null as is_current
from logged
where raw_value is not null
