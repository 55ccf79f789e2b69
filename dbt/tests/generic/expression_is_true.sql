{#
  A returned row is one for which the expression is false; unknown (NULL) passes, as in a check
  constraint. On a column, the expression follows the column's name.
#}
{% test expression_is_true(model, expression, column_name=none) %}
select *
from {{ model }}
where not ({{ column_name ~ " " if column_name is not none }}{{ expression }})
{% endtest %}
