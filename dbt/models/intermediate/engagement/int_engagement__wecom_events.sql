-- Each event stays a record of its own: a number noted by one employee is evidence even after the
-- contact's next event.
with events as (
    {{ latest_version(
        ref('stg_engagement__wecom_external_contacts'),
        ['_source_system', 'external_userid', 'userid', 'event_at']
    ) }}
)

select
    _source_system as source_system,
    concat(external_userid, '|', userid, '|', cast(event_at as {{ dbt.type_string() }})) as record_id,
    external_userid,
    unionid,
    name as full_name,
    corp_name as company_name,
    -- Employees note several numbers; the first two are read.
    split_part({{ regex_replace_all("remark_mobiles", "[^0-9+]+", ",") }}, ',', 1) as phone,
    split_part({{ regex_replace_all("remark_mobiles", "[^0-9+]+", ",") }}, ',', 2) as phone_2,
    coalesce(lower(event), 'add') in ('add', 'add_half') as is_addition,
    event_at,
    state as channel_code,
    first_known_at
from events
where not _is_deleted
