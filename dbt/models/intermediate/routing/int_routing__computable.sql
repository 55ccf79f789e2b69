-- What the extracts at hand allow to say about owners and contacts. Without them nobody was late and
-- nobody unassigned: it is not known.
with presence as (select * from {{ ref('int_quality__extract_presence') }}),

flags as (
    select
        count(*) filter (
            where is_present and extract_table in ('crm_owner_history', 'crm_lead_history')
        ) > 0 as has_owner_changes,
        count(*) filter (where is_present and extract_table = 'crm_users') > 0 as has_users,
        count(*) filter (
            where is_present and extract_table in ('crm_activities', 'call_center_calls', 'crm_followups')
        ) > 0 as has_contacts,
        count(*) filter (where is_present and extract_table = 'crm_activities') > 0 as has_activities
    from presence
)

select
    has_owner_changes,
    has_users,
    has_contacts,
    has_activities,
    has_owner_changes and has_users as has_sides
from flags
