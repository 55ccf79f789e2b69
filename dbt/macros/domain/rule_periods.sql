{#
  The rows of a versioned rule seed with the UTC instants they are in force from and until
  (rule_from, rule_to; NULL = open). A version of after the as-of instant is not there yet, nor is the
  end it puts to the one before it.
#}
{% macro rule_periods(relation) -%}
select
    rules.*,
    {{ to_utc("cast(rules.valid_from as timestamp)", var('business_timezone')) }} as rule_from,
    case
        when {{ to_utc("cast(rules.valid_to as timestamp)", var('business_timezone')) }} <= as_of.as_of
            then {{ to_utc("cast(rules.valid_to as timestamp)", var('business_timezone')) }}
    end as rule_to
from {{ relation }} as rules
cross join {{ ref('int_time__as_of') }} as as_of
where {{ to_utc("cast(rules.valid_from as timestamp)", var('business_timezone')) }} <= as_of.as_of
{%- endmacro %}
