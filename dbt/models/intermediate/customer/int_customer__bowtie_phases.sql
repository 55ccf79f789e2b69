-- The earliest instant each account reached each phase of the bowtie.
with entries as (select * from {{ ref('int_customer__bowtie') }}),

stages as (select * from {{ ref('stage') }} where {{ in_force_now() }} and is_enabled)

select entries.account_key, stages.bowtie_phase, min(entries.reached_at) as reached_at
from entries
inner join stages on entries.stage = stages.stage
group by entries.account_key, stages.bowtie_phase
