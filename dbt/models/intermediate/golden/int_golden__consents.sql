-- Acts of consent up to the as-of instant with the identifier or record they are about, normalised as
-- identity does it. An act about an address nobody uses stays, without a person, in staging.
with acts as ({{ latest_version(ref('stg_compliance__consent_events'), ['_source_system', 'consent_id']) }}),

emails as (select * from {{ ref('int_identifiers__emails') }} where is_valid),

phones as (select * from {{ ref('int_identifiers__phones') }} where e164 is not null),

as_of as (select * from {{ ref('int_time__as_of') }}),

cleaned as (
    select
        acts.consent_id,
        acts.occurred_at,
        acts.expires_at,
        lower(acts.channel) as channel,
        lower(acts.purpose) as purpose,
        lower(acts.action) as consent_action,
        coalesce(lower(acts.default_state), 'none') as default_state,
        acts.subject_key,
        case when lower(acts.subject_key_type) = 'phone' then 'mobile' else lower(acts.subject_key_type) end
            as identifier_type
    from acts
    cross join as_of
    where not acts._is_deleted and acts.occurred_at <= as_of.as_of and acts.subject_key is not null
)

select
    cleaned.consent_id,
    cleaned.occurred_at,
    cleaned.expires_at,
    cleaned.channel,
    cleaned.purpose,
    cleaned.consent_action,
    cleaned.default_state,
    cleaned.identifier_type,
    case cleaned.identifier_type
        when 'email' then emails.canonical_email
        when 'mobile' then phones.e164
        else cleaned.subject_key
    end as identifier_value
from cleaned
left join emails
    on case when cleaned.identifier_type = 'email' then cleaned.subject_key end = emails.raw_email
left join phones
    on case when cleaned.identifier_type = 'mobile' then cleaned.subject_key end = phones.raw_phone
