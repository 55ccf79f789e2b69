-- The keyword each lead came by: that of the form which created it, else what the lead itself says.
with evidence as (select * from {{ ref('int_keywords__evidence') }}),

matches as (select * from {{ ref('int_keywords__matches') }}),

form_leads as (select * from {{ ref('int_leads__captures') }} where capture = 'captured'),

forms as (select * from {{ ref('int_touchpoints__forms') }}),

stated as (
    select
        form_leads.lead_key, form_leads.submission_key, forms.session_key, evidence.evidence_key,
        'form' as stated_by, form_leads.submitted_at
    from form_leads
    inner join forms on form_leads.submission_key = forms.submission_key
    inner join evidence
        on form_leads.submission_key = evidence.object_key and evidence.object_kind = 'form'
    union all
    select
        object_key as lead_key, null as submission_key, null as session_key, evidence_key,
        'lead' as stated_by, cast(null as timestamp) as submitted_at
    from evidence
    where object_kind = 'lead'
)

select
    stated.lead_key,
    stated.submission_key,
    stated.session_key,
    stated.stated_by,
    matches.keyword_key,
    matches.matched_by
from stated
inner join matches on stated.evidence_key = matches.evidence_key
-- Of a form sent twice the first.
qualify
    row_number() over (
        partition by stated.lead_key
        order by stated.submitted_at asc nulls last, stated.submission_key asc nulls last
    ) = 1
