-- Every form as sent. A second one of the same kind by the same person within form.repeat_minutes repeats
-- the first: both rows stay, the first counts.
with forms as (select * from {{ ref('int_web__form_submissions') }}),

captures as (select * from {{ ref('int_leads__captures') }}),

presence as (select * from {{ ref('int_quality__extract_presence') }} where extract_table = 'crm_leads'),

touchpoints as (select * from {{ ref('fct_touchpoint') }} where touch_kind = 'form_submission'),

-- Somebody nobody knows is told apart by the browser, else every form is its own.
sent as (
    select
        forms.*,
        {{ surrogate_key(["'form_submission'", "forms.source_system", "forms.submission_id"]) }} as touchpoint_key,
        captures.person_key,
        captures.lead_key,
        captures.capture,
        captures.capture_s,
        captures.known_s,
        coalesce(captures.person_key, forms.anonymous_id, forms.submission_key) as sender
    from forms
    inner join captures on forms.submission_key = captures.submission_key
),

compared as (
    select
        *,
        lag(submitted_at) over (
            partition by source_system, sender, form_kind
            order by submitted_at asc nulls last, submission_id asc nulls last
        ) as previous_at
    from sent
)

select
    compared.touchpoint_key as form_touchpoint_key,
    compared.source_system,
    compared.submission_id,
    compared.form_kind,
    compared.submitted_at,
    compared.person_key,
    touchpoints.channel,
    touchpoints.platform,
    compared.asset_id,
    coalesce(
        {{ seconds_between("compared.previous_at", "compared.submitted_at") }}
        <= 60 * {{ policy('form', 'repeat_minutes') }},
        false
    ) as is_repeat,
    compared.lead_key,
    -- Without the leads no form can be said to have been dropped.
    case when presence.is_present then compared.capture end as capture,
    compared.capture_s as seconds_to_lead,
    compared.known_s as seconds_to_warehouse
from compared
cross join presence
left join touchpoints on compared.touchpoint_key = touchpoints.touchpoint_key
