{#
  A returned row lacks a value in one of the columns. One test per file of rules costs a fraction of not_null
  on each of its columns.
#}
{% test required(model, columns) %}
select *
from {{ model }}
where {{ columns | join(" is null or ") }} is null
{% endtest %}
