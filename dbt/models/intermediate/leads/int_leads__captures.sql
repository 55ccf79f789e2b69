-- What became of every form (A18): a lead was made in time or late, its sender was a lead already, or none
-- was made at all (dropped). Forms that name nobody, and forms too young to tell, are neither.
with submissions as (select * from {{ ref('int_web__form_submissions') }}),

records as (
    select * from {{ ref('int_identity__person_records') }} where record_type = 'form_submission'
),

leads as (select * from {{ ref('int_leads__leads') }}),

emails as (select * from {{ ref('int_identifiers__emails') }}),

phones as (select * from {{ ref('int_identifiers__phones') }}),

as_of as (select as_of from {{ ref('int_time__as_of') }}),

forms as (
    select
        submissions.submission_key,
        submissions.submitted_at,
        coalesce(records.is_identified, false) as is_identified,
        records.person_key,
        submissions.full_name,
        emails.email,
        phones.national_number,
        {{ policy('capture', 'wait_minutes') }} * 60 as wait_s,
        -- The CRM's clock may run a little behind the site's.
        {{ policy('capture', 'clock_skew_minutes') }} * 60 as skew_s
    from submissions
    left join emails on submissions.email = emails.raw_email
    left join phones on submissions.phone = phones.raw_phone
    left join records
        on
            submissions.source_system = records.source_system
            and submissions.submission_id = records.record_id
),

-- A switchboard or a shared mailbox names nobody, but the lead a form became carries the same one; with
-- the same name it is the same person's.
candidates as (
    select forms.submission_key, leads.lead_key, true as is_same_person
    from forms
    inner join leads on forms.person_key = leads.person_key
    union all
    select forms.submission_key, leads.lead_key, coalesce(forms.full_name = leads.full_name, false) as is_same_person
    from forms
    inner join leads on forms.email = leads.email
    union all
    select forms.submission_key, leads.lead_key, coalesce(forms.full_name = leads.full_name, false) as is_same_person
    from forms
    inner join leads on forms.national_number = leads.phone_national_number
),

timed as (
    select
        forms.submission_key,
        forms.wait_s,
        forms.skew_s,
        candidates.lead_key,
        candidates.is_same_person,
        leads.first_known_at,
        {{ seconds_between("forms.submitted_at", "leads.created_at") }} as capture_s
    from forms
    inner join candidates on forms.submission_key = candidates.submission_key
    inner join leads on candidates.lead_key = leads.lead_key
),

judged as (
    select
        *,
        case
            when capture_s < -skew_s then 'existing_lead'
            when capture_s <= wait_s then 'captured'
            else 'late'
        end as capture
    from timed
    where is_same_person or capture_s between -skew_s and wait_s
),

-- A lead it created before the newest one its sender already was, before one that came too late.
chosen as (
    select *
    from judged
    qualify
        row_number() over (
            partition by submission_key
            order by
                case capture when 'captured' then 1 when 'existing_lead' then 2 else 3 end asc nulls last,
                abs(capture_s) asc nulls last, lead_key asc nulls last
        ) = 1
)

select
    forms.submission_key,
    forms.submitted_at,
    forms.person_key,
    case
        when chosen.capture is not null then chosen.capture
        when not forms.is_identified then 'unidentified'
        when {{ seconds_between("forms.submitted_at", "as_of.as_of") }} <= forms.wait_s then 'pending'
        else 'dropped'
    end as capture,
    chosen.lead_key,
    case when chosen.capture in ('captured', 'late') then greatest(chosen.capture_s, 0) end as capture_s,
    case
        when chosen.capture in ('captured', 'late')
            then {{ seconds_between("forms.submitted_at", "chosen.first_known_at") }}
    end as known_s
from forms
cross join as_of
left join chosen on forms.submission_key = chosen.submission_key
