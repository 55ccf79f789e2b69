{#
  Connected components of an undirected graph by deterministic min-neighbour contraction with full
  pointer jumping. Every round labels a node with its smallest
  neighbour, follows the pointers to their roots, and contracts the edges onto the roots; labels of
  time-ordered chains converge in a handful of rounds. Raises after max_rounds instead of returning
  a wrong answer.
    edges      relation with two text columns
    left_column, right_column   the two ends of an edge
  Returns the name of a temp table (node, component): component is the smallest node of the
  component in text order, hence independent of the order of rows.
#}
{% macro connected_components(edges, left_column, right_column, max_rounds=64) %}
    {% set prefix = "cc_" ~ model.name ~ "_" %}
    {% if not execute or flags.WHICH not in ("run", "build") %}
        {{ return("(select cast(null as varchar) as node, cast(null as varchar) as component where false) as no_components") }}
    {% endif %}
    {% do run_query("create or replace temp table " ~ prefix ~ "node as
        select node, row_number() over (order by node nulls last) as id
        from (select " ~ left_column ~ " as node from " ~ edges ~ "
              union select " ~ right_column ~ " as node from " ~ edges ~ ") as ends") %}
    {% do run_query("create or replace temp table " ~ prefix ~ "edge as
        select distinct least(l.id, r.id) as a, greatest(l.id, r.id) as b
        from " ~ edges ~ " as e
        inner join " ~ prefix ~ "node as l on e." ~ left_column ~ " = l.node
        inner join " ~ prefix ~ "node as r on e." ~ right_column ~ " = r.node
        where l.id <> r.id") %}
    {% do run_query("create or replace temp table " ~ prefix ~ "label as
        select id, id as root from " ~ prefix ~ "node") %}
    {% set state = namespace(rounds=0, open=true) %}
    {% for _ in range(max_rounds) if state.open %}
        {% set left_over = run_query("select count(*) as n from " ~ prefix ~ "edge").columns[0].values()[0] | int %}
        {% if left_over == 0 %}
            {% set state.open = false %}
        {% else %}
            {% do run_query("create or replace temp table " ~ prefix ~ "parent as
                select id, min(parent) as parent
                from (select a as id, least(a, b) as parent from " ~ prefix ~ "edge
                      union all select b as id, least(a, b) as parent from " ~ prefix ~ "edge) as ends
                group by id") %}
            {% do leadhouse.jump_pointers(prefix, max_rounds) %}
            {% do run_query("create or replace temp table " ~ prefix ~ "label as
                select l.id, coalesce(p.parent, l.root) as root
                from " ~ prefix ~ "label as l left join " ~ prefix ~ "parent as p on l.root = p.id") %}
            {% do run_query("create or replace temp table " ~ prefix ~ "edge as
                select distinct least(l.parent, r.parent) as a, greatest(l.parent, r.parent) as b
                from " ~ prefix ~ "edge as e
                inner join " ~ prefix ~ "parent as l on e.a = l.id
                inner join " ~ prefix ~ "parent as r on e.b = r.id
                where l.parent <> r.parent") %}
        {% endif %}
    {% endfor %}
    {% if state.open %}
        {{ exceptions.raise_compiler_error("connected_components: " ~ edges ~ " not contracted after " ~ max_rounds ~ " rounds; raise max_rounds after looking at the largest cluster") }}
    {% endif %}
    {% do run_query("create or replace temp table " ~ prefix ~ "component as
        select n.node, r.node as component
        from " ~ prefix ~ "label as l
        inner join " ~ prefix ~ "node as n on l.id = n.id
        inner join " ~ prefix ~ "node as r on l.root = r.id") %}
    {{ return(prefix ~ "component") }}
{% endmacro %}

{# Follow parent pointers to their roots: parents are never larger than their node, so this ends. #}
{% macro jump_pointers(prefix, max_rounds) %}
    {% set state = namespace(moving=true) %}
    {% for _ in range(max_rounds) if state.moving %}
        {% set moved = run_query("select count(*) as n from " ~ prefix ~ "parent as p
            inner join " ~ prefix ~ "parent as g on p.parent = g.id where g.parent <> p.parent").columns[0].values()[0] | int %}
        {% if moved == 0 %}
            {% set state.moving = false %}
        {% else %}
            {% do run_query("create or replace temp table " ~ prefix ~ "parent as
                select p.id, coalesce(g.parent, p.parent) as parent
                from " ~ prefix ~ "parent as p left join " ~ prefix ~ "parent as g on p.parent = g.id") %}
        {% endif %}
    {% endfor %}
{% endmacro %}
