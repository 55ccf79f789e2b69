-- What became of every form: the person has a lead already, a lead was made in time or late, or none
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
        submissions.form_kind,
        submissions.submitted_at,
        coalesce(records.is_identified, false) as is_identified,
        records.person_key,
        submissions.full_name,
        emails.email,
        phones.national_number,
        {{ policy('capture', 'wait_minutes') }} * 60 as wait_s
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

lead_instants as (
    select
        forms.submission_key,
        coalesce(min(leads.created_at) < min(forms.submitted_at), false) as has_lead_before,
        min_by(leads.lead_key, leads.created_at) filter (where leads.created_at >= forms.submitted_at) as lead_key,
        min(leads.created_at) filter (where leads.created_at >= forms.submitted_at) as captured_at,
        min_by(leads.first_known_at, leads.created_at) filter (where leads.created_at >= forms.submitted_at)
            as known_at
    from forms
    inner join candidates on forms.submission_key = candidates.submission_key
    inner join leads on candidates.lead_key = leads.lead_key
    where
        candidates.is_same_person
        or {{ seconds_between("forms.submitted_at", "leads.created_at") }} between 0 and forms.wait_s
    group by forms.submission_key
),

timed as (
    select
        forms.submission_key,
        forms.form_kind,
        forms.submitted_at,
        forms.is_identified,
        coalesce(lead_instants.has_lead_before, false) as has_lead_before,
        lead_instants.lead_key,
        lead_instants.captured_at,
        lead_instants.known_at,
        {{ seconds_between("forms.submitted_at", "lead_instants.captured_at") }} as capture_s,
        forms.wait_s,
        {{ seconds_between("forms.submitted_at", "as_of.as_of") }} as age_s
    from forms
    cross join as_of
    left join lead_instants on forms.submission_key = lead_instants.submission_key
)

select
    submission_key,
    form_kind,
    submitted_at,
    case
        when has_lead_before then 'existing_lead'
        when capture_s <= wait_s then 'captured'
        when captured_at is not null then 'late'
        when not is_identified then 'unidentified'
        when age_s <= wait_s then 'pending'
        else 'dropped'
    end as capture,
    case when not has_lead_before then lead_key end as lead_key,
    case when not has_lead_before then capture_s end as capture_s,
    case when not has_lead_before then {{ seconds_between("submitted_at", "known_at") }} end as known_s
from timed
