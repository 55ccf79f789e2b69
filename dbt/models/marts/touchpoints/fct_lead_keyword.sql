with lead_keywords as (select * from {{ ref('int_keywords__lead_keywords') }}),

forms as (select * from {{ ref('int_touchpoints__forms') }})

select
    lead_keywords.lead_key,
    lead_keywords.keyword_key,
    lead_keywords.matched_by,
    lead_keywords.stated_by,
    case
        when forms.submission_key is not null
            then {{ surrogate_key(["'form_submission'", "forms.source_system", "forms.submission_id"]) }}
    end as form_touchpoint_key,
    lead_keywords.session_key as visit_touchpoint_key
from lead_keywords
left join forms on lead_keywords.submission_key = forms.submission_key
