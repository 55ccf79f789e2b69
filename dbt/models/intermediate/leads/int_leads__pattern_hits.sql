-- Leads caught by the lists: test tokens, own staff, competitors, throw-away and free mailboxes.
with leads as (select * from {{ ref('int_leads__leads') }}),

companies as (select * from {{ ref('int_identifiers__company_names') }}),

test_patterns as (select * from {{ ref('test_pattern') }} where {{ in_force_now() }}),

own_domains as (select * from {{ ref('own_domain') }} where {{ in_force_now() }}),

competitors as (select * from {{ ref('competitor') }} where {{ in_force_now() }}),

fields as (
    select lead_key, 'email_local' as field_name, lower(email_local) as field_value from leads
    union all
    select lead_key, 'email_domain' as field_name, lower(email_domain) as field_value from leads
    union all
    select
        lead_key, 'full_name' as field_name, lower({{ half_width("full_name") }}) as field_value
    from leads
    union all
    select leads.lead_key, 'company_name' as field_name, companies.company_legal_key as field_value
    from leads
    inner join companies on leads.company_name = companies.raw_company_name
)

-- Evidence names the list entry that hit, never the person's own words.
select fields.lead_key, 'test_lead' as rule_id, concat('test pattern in ', fields.field_name) as evidence
from fields
inner join test_patterns
    on
        fields.field_name = test_patterns.field_name
        and {{ regex_like("fields.field_value", "test_patterns.test_regex") }}
union
select fields.lead_key, 'staff_lead' as rule_id, own_domains.email_domain as evidence
from fields
inner join own_domains
    on fields.field_name = 'email_domain' and fields.field_value = own_domains.email_domain
union
select
    fields.lead_key, 'competitor_lead' as rule_id,
    concat(competitors.competitor, ' by ', competitors.match_field) as evidence
from fields
inner join competitors
    on
        fields.field_name = competitors.match_field
        and {{ regex_like("fields.field_value", "competitors.match_regex") }}
union
select lead_key, 'disposable_email' as rule_id, email_domain as evidence
from leads
where is_disposable_email
union
select lead_key, 'free_email' as rule_id, email_domain as evidence
from leads
where is_free_email
