-- What became of each form: the lead it created, the lead its sender already was, or nothing at all
-- within the time capture takes. Forms, not leads: nobody may count them as leads (A12).
with forms as (select * from {{ ref('int_touchpoints__forms') }}),

persons as (select * from {{ ref('int_identity__person_records') }} where record_type = 'form_submission'),

leads as (select * from {{ ref('int_leads__leads') }} where person_key is not null),

as_of as (select as_of from {{ ref('int_time__as_of') }}),

sent as (
    select
        forms.submission_key,
        forms.source_system,
        forms.submission_id,
        forms.submitted_at,
        persons.person_key
    from forms
    left join persons
        on forms.source_system = persons.source_system and forms.submission_id = persons.record_id
),

-- The CRM's clock may run a little behind the site's.
near as (
    select
        sent.submission_key,
        leads.lead_key,
        leads.created_at,
        {{ seconds_between("sent.submitted_at", "leads.created_at") }} as seconds_to_lead
    from sent
    inner join leads on sent.person_key = leads.person_key
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
