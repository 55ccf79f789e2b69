{# The returned row says that too few rows have a value. A table without rows passes. #}
{% test not_null_proportion(model, column_name, at_least) %}
select
    count(*) as n_rows,
    count({{ column_name }}) as n_not_null
from {{ model }}
having count({{ column_name }}) < {{ at_least }} * count(*)
{% endtest %}
