-- What forms, calls, WeCom and event lists said of a person, and since when we knew it. A withdrawn
-- one (a deletion at the source) says nothing any more.
with submission_periods as (
    {{ version_periods(ref('stg_web__form_submissions'), ['_source_system', 'submission_id'], ['received_at']) }}
),

call_periods as (
    {{ version_periods(ref('stg_engagement__call_center_calls'), ['_source_system', 'call_id']) }}
),

wecom_periods as (
    {{ version_periods(
        ref('stg_engagement__wecom_external_contacts'), ['_source_system', 'external_userid', 'userid', 'event_at']
    ) }}
),

attendance_periods as (
    {{ version_periods(
        ref('stg_engagement__event_attendance'), ['_source_system', 'event_id', 'registrant_id'], ['registered_at']
    ) }}
)

select
    'form_submission' as record_type, _source_system as source_system, submission_id as record_id,
    first_known_at, known_from, known_to, submitted_at as occurred_at,
    name as full_name, title, email, phone, null as phone_2,
    null as unionid, null as external_userid, anonymous_id, null as crm_lead_id, company as company_name
from submission_periods
where not _is_deleted
union all
select
    'call' as record_type, _source_system as source_system, call_id as record_id,
    first_known_at, known_from, known_to, started_at as occurred_at,
    null as full_name, null as title, null as email,
    -- The other party: who called us, or whom we called.
    case when lower(direction) = 'outbound' then dnis else ani end as phone, null as phone_2,
    null as unionid, null as external_userid, null as anonymous_id, linked_lead_id as crm_lead_id,
    null as company_name
from call_periods
where not _is_deleted
union all
-- Each WeCom event stays a record of its own: a number noted by one employee is evidence even after
-- the contact's next event. Employees note several numbers; the first two are read.
select
    'wecom_contact' as record_type, _source_system as source_system,
    concat(external_userid, '|', userid, '|', cast(event_at as {{ dbt.type_string() }})) as record_id,
    first_known_at, known_from, known_to, event_at as occurred_at,
    name as full_name, position as title, null as email,
    nullif(split_part({{ regex_replace_all("remark_mobiles", "[^0-9+]+", ",") }}, ',', 1), '') as phone,
    nullif(split_part({{ regex_replace_all("remark_mobiles", "[^0-9+]+", ",") }}, ',', 2), '') as phone_2,
    unionid, external_userid, null as anonymous_id, null as crm_lead_id, corp_name as company_name
from wecom_periods
where not _is_deleted
union all
select
    'event_attendance' as record_type, _source_system as source_system,
    concat(event_id, '|', registrant_id) as record_id,
    first_known_at, known_from, known_to, registered_at as occurred_at,
    name as full_name, title, email, phone, null as phone_2,
    null as unionid, null as external_userid, null as anonymous_id, null as crm_lead_id, company as company_name
from attendance_periods
where not _is_deleted
