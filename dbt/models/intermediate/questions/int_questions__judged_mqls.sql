-- MQLs that had their full horizon, with what the model of their worth reads.
with mqls as (select * from {{ ref('int_questions__mqls') }} where is_mature),

speeds as (select * from {{ ref('int_questions__mql_speed') }})

select
    mqls.enquiry_lead_key,
    mqls.has_converted,
    mqls.score_band,
    mqls.channel_family,
    mqls.fit,
    mqls.mql_month,
    coalesce(speeds.speed_band, 'not_computable') as speed_band
from mqls
inner join speeds on mqls.enquiry_lead_key = speeds.enquiry_lead_key
