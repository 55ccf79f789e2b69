-- What became of each form: the lead it created, the lead its sender already was, or nothing at all
-- within the time capture takes. Forms, not leads: nobody may count them as leads (A12).
with forms as (select * from {{ ref('int_web__form_submissions') }}),

persons as (select * from {{ ref('int_identity__person_records') }} where record_type = 'form_submission'),

leads as (select * from {{ ref('int_leads__leads') }}),

emails as (select * from {{ ref('int_identifiers__emails') }}),

phones as (select * from {{ ref('int_identifiers__phones') }}),

as_of as (select as_of from {{ ref('int_time__as_of') }}),

sent as (
    select
        forms.submission_key,
        forms.source_system,
        forms.submission_id,
        forms.submitted_at,
        forms.full_name,
        emails.email,
        phones.e164,
        persons.person_key
    from forms
    left join emails on forms.email = emails.raw_email
    left join phones on forms.phone = phones.raw_phone
    left join persons
        on forms.source_system = persons.source_system and forms.submission_id = persons.record_id
),

-- Identity does not join two people by a switchboard or info@; that the form of such an address made the
-- lead of the same name and address is no question of identity.
related as (
    select sent.submission_key, leads.lead_key
    from sent inner join leads on sent.person_key = leads.person_key
    union
    select sent.submission_key, leads.lead_key
    from sent inner join leads on sent.full_name = leads.full_name and sent.email = leads.email
    union
    select sent.submission_key, leads.lead_key
    from sent inner join leads on sent.full_name = leads.full_name and sent.e164 = leads.phone_e164
),

-- The CRM's clock may run a little behind the site's.
near as (
    select
        related.submission_key,
        related.lead_key,
        {{ seconds_between("sent.submitted_at", "leads.created_at") }} as seconds_to_lead
    from related
    inner join sent on related.submission_key = sent.submission_key
    inner join leads on related.lead_key = leads.lead_key
),

judged as (
    select
        *,
        case
            when seconds_to_lead < -60 * {{ policy('capture', 'clock_skew_minutes') }} then 'known'
            when seconds_to_lead <= 60 * {{ policy('capture', 'lead_minutes') }} then 'created'
            else 'late'
        end as capture_status
    from near
),

-- A lead it created before the newest one its sender already was, before one that came too late.
chosen as (
    select *
    from judged
    qualify
        row_number() over (
            partition by submission_key
            order by
                case capture_status when 'created' then 1 when 'known' then 2 else 3 end asc nulls last,
                abs(seconds_to_lead) asc nulls last, lead_key asc nulls last
        ) = 1
)

select
    sent.submission_key,
    sent.submitted_at,
    sent.person_key,
    chosen.lead_key,
    chosen.seconds_to_lead,
    case
        when chosen.capture_status in ('created', 'known') then chosen.capture_status
        when
            {{ seconds_between("sent.submitted_at", "as_of.as_of") }} <= 60 * {{ policy('capture', 'lead_minutes') }}
            then 'pending'
        else coalesce(chosen.capture_status, 'dropped')
    end as capture_status
from sent
cross join as_of
left join chosen on sent.submission_key = chosen.submission_key
