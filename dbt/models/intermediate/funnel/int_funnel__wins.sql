-- Every deal won, with the enquiry it came from if any: an enquiry may win twice, and a deal need not have
-- one. Where the CRM knows customers only as a status, the enquiry that got there is the win.
with conversions as (select * from {{ ref('int_attribution__conversions') }} where is_won),

entries as (select * from {{ ref('int_funnel__stage_entries') }})

select
    conversions.conversion_key as win_key,
    conversions.survivor_lead_key as enquiry_lead_key,
    leads.channel,
    conversions.converted_at as won_at
from conversions
left join entries as leads
    on conversions.survivor_lead_key = leads.enquiry_lead_key and leads.stage = 'lead'
union all
select
    entries.enquiry_lead_key as win_key, entries.enquiry_lead_key, entries.channel, entries.reached_at as won_at
from entries
left join conversions on entries.enquiry_lead_key = conversions.survivor_lead_key
where entries.stage = 'account' and conversions.conversion_key is null
