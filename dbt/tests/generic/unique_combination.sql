{# A returned row is a combination of the columns that stands there more than once. #}
{% test unique_combination(model, columns) %}
select
    {{ columns | join(", ") }},
    count(*) as n_rows
from {{ model }}
group by {{ columns | join(", ") }}
having count(*) > 1
{% endtest %}
