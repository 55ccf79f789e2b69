{#
  A returned row has a value outside the range; NULL passes. The bounds are SQL expressions and
  belong to the range; one may be left out.
#}
{% test accepted_range(model, column_name, min_value="null", max_value="null") %}
select *
from {{ model }}
where {{ column_name }} < {{ min_value }} or {{ column_name }} > {{ max_value }}
{% endtest %}
