{#
  Connected components of an undirected graph, by deterministic contraction: every node is hung below
  its smallest neighbour, the pointers are followed to their roots (doubling, so that a chain in the
  order of time takes its logarithm), and the edges between roots are the graph of the next round.
  A round looks only at what is still open; the maps of the rounds are put together at the end, from
  the last one back.

  Rounds: a root that is a root again in the next round has all its neighbours below it (a neighbour
  x hangs below a node no larger than the root; were that another tree, the root would have a smaller
  neighbour in the next round). So every two rounds at least halve the open nodes, and 2 log2(nodes)
  rounds are enough: 64 for four thousand million nodes. More raises; nothing is returned half done.

    edges          a table: it is read twice. An edge with one end NULL, or from a node to itself,
                   makes its node known and joins nothing
    left_column, right_column   the two ends of an edge
    max_rounds     of contraction, and of doublings within one of them
    integer_ends   true: the ends are BIGINT and compared as they are; false: text, numbered first

  Returns the name of a scratch table (node, component): one row a node, component is the smallest
  node of the component (text in byte order), hence independent of the order of rows. It is dropped
  when the model is built.
#}
{% macro connected_components(
    edges, left_column, right_column, max_rounds=64, integer_ends=false
) %}
    {% set prefix = "cc_" ~ model.name ~ "_" %}
    {% set result = scratch_name(prefix ~ "component") %}
    {{ config(post_hook="drop table if exists " ~ result) }}
    {% if not execute or flags.WHICH not in ("run", "build") %}
        {% set type = "bigint" if integer_ends else dbt.type_string() %}
        {{ return(
            "(select cast(null as " ~ type ~ ") as node, cast(null as " ~ type ~ ") as component"
            ~ " where false) as no_components"
        ) }}
    {% endif %}
    {% set ends %}
        (
            select
                coalesce({{ left_column }}, {{ right_column }}) as a,
                coalesce({{ right_column }}, {{ left_column }}) as b
            from {{ edges }}
        ) as ends
    {% endset %}
    {% set merged = scratch_name(prefix ~ "merged") %}
    {% if integer_ends %}
        {% do leadhouse.contract_edges(prefix, ends, max_rounds) %}
        {% set query %}
            select node, component from {{ merged }}
            union all
            select distinct component as node, component from {{ merged }}
            union all
            select alone.node, alone.node as component
            from (select distinct a as node from {{ ends }} where a = b) as alone
            left join {{ merged }} as child on alone.node = child.node
            left join (select distinct component from {{ merged }}) as root
                on alone.node = root.component
            where child.node is null and root.component is null
        {% endset %}
        {% do create_scratch_table(prefix ~ "component", query) %}
    {% else %}
        {% set query %}
            select node, row_number() over (order by node nulls last) as id
            from (select a as node from {{ ends }} union select b as node from {{ ends }}) as named
            where node is not null
        {% endset %}
        {% do create_scratch_table(prefix ~ "node", query) %}
        {% set query %}
            select l.id as a, r.id as b
            from {{ ends }}
            inner join {{ scratch_name(prefix ~ "node") }} as l on ends.a = l.node
            inner join {{ scratch_name(prefix ~ "node") }} as r on ends.b = r.node
            where ends.a <> ends.b
        {% endset %}
        {% do create_scratch_table(prefix ~ "coded", query) %}
        {% do leadhouse.contract_edges(prefix, scratch_name(prefix ~ "coded"), max_rounds) %}
        {% set query %}
            select named.node, root.node as component
            from {{ scratch_name(prefix ~ "node") }} as named
            left join {{ merged }} as merged on named.id = merged.node
            inner join {{ scratch_name(prefix ~ "node") }} as root
                on coalesce(merged.component, named.id) = root.id
        {% endset %}
        {% do create_scratch_table(prefix ~ "component", query) %}
        {% do drop_scratch_table(prefix ~ "node") %}
        {% do drop_scratch_table(prefix ~ "coded") %}
    {% endif %}
    {% do drop_scratch_table(prefix ~ "merged") %}
    {{ return(result) }}
{% endmacro %}

{#
  The loop on whole numbers a and b. Leaves the scratch table <prefix>merged (node, component): every
  node that is not the smallest of its component.
#}
{% macro contract_edges(prefix, edges, max_rounds) %}
    {% set state = namespace(rounds=0, edges=edges, open=true) %}
    {% for round in range(max_rounds) if state.open %}
        {% do leadhouse.hang_nodes(prefix, round, state.edges, max_rounds) %}
        {% set parents = scratch_name(prefix ~ "parent_" ~ round) %}
        {% set query %}
            select distinct
                least(coalesce(l.parent, e.a), r.parent) as a,
                greatest(coalesce(l.parent, e.a), r.parent) as b
            from (
                select least(a, b) as a, greatest(a, b) as b from {{ state.edges }} where a <> b
            ) as e
            inner join {{ parents }} as r on e.b = r.id
            left join {{ parents }} as l on e.a = l.id
            where e.a <> r.parent and coalesce(l.parent, e.a) <> r.parent
        {% endset %}
        {% do create_scratch_table(prefix ~ "edge_" ~ round, query) %}
        {% if round > 0 %}{% do drop_scratch_table(prefix ~ "edge_" ~ (round - 1)) %}{% endif %}
        {% set state.edges = scratch_name(prefix ~ "edge_" ~ round) %}
        {% set state.open = count_rows(state.edges) > 0 %}
        {% set state.rounds = round + 1 %}
    {% endfor %}
    {% if state.open %}
        {{ exceptions.raise_compiler_error(
            "connected_components: " ~ count_rows(state.edges) ~ " edges are left after "
            ~ max_rounds ~ " rounds; raise max_rounds after looking at the largest cluster"
        ) }}
    {% endif %}
    {% do drop_scratch_table(prefix ~ "edge_" ~ (state.rounds - 1)) %}
    {% do leadhouse.join_rounds(prefix, state.rounds) %}
{% endmacro %}

{#
  <prefix>parent_<round> (id, parent): every node with a smaller neighbour, and the root it hangs
  below. Rows that have reached their root are put aside, the others double their reach.
#}
{% macro hang_nodes(prefix, round, edges, max_rounds) %}
    {% set done = prefix ~ "parent_" ~ round %}
    {% set moving = prefix ~ "moving_" %}
    {% set query %}
        select greatest(a, b) as id, min(least(a, b)) as parent
        from {{ edges }}
        where a <> b
        group by greatest(a, b)
    {% endset %}
    {% do create_scratch_table(prefix ~ "hung", query) %}
    {% set hung = scratch_name(prefix ~ "hung") %}
    {% set query %}
        select child.id, child.parent
        from {{ hung }} as child
        left join {{ hung }} as above on child.parent = above.id
        where above.id is null
    {% endset %}
    {% do create_scratch_table(done, query) %}
    {% set query %}
        select child.id, child.parent
        from {{ hung }} as child
        inner join {{ hung }} as above on child.parent = above.id
    {% endset %}
    {% do create_scratch_table(moving ~ "0", query) %}
    {% set state = namespace(step=0, left=count_rows(scratch_name(moving ~ "0"))) %}
    {% for step in range(max_rounds) if state.left > 0 %}
        {% set now = scratch_name(moving ~ step) %}
        {% set query %}
            select child.id, above.parent
            from {{ now }} as child
            inner join {{ now }} as above on child.parent = above.id
        {% endset %}
        {% do create_scratch_table(moving ~ (step + 1), query) %}
        {% set query %}
            insert into {{ scratch_name(done) }}
            select child.id, above.parent
            from {{ now }} as child
            inner join {{ scratch_name(done) }} as above on child.parent = above.id
        {% endset %}
        {% do run_query(query) %}
        {% do drop_scratch_table(moving ~ step) %}
        {% set state.left = count_rows(scratch_name(moving ~ (step + 1))) %}
        {% set state.step = step + 1 %}
    {% endfor %}
    {% if state.left > 0 %}
        {{ exceptions.raise_compiler_error(
            "connected_components: " ~ state.left ~ " nodes have not reached their root after "
            ~ max_rounds ~ " doublings; raise max_rounds"
        ) }}
    {% endif %}
    {% do drop_scratch_table(moving ~ state.step) %}
    {% do drop_scratch_table(prefix ~ "hung") %}
{% endmacro %}

{#
  The maps of the rounds put together: a root of one round hangs below a root of a later one, hence
  the last round first. A node hangs in one round only.
#}
{% macro join_rounds(prefix, rounds) %}
    {% set state = namespace(later=none) %}
    {% for back in range(rounds) %}
        {% set round = rounds - 1 - back %}
        {% set parents = scratch_name(prefix ~ "parent_" ~ round) %}
        {% set query %}
            {% if state.later is none %}
                select id as node, parent as component from {{ parents }}
            {% else %}
                select p.id as node, coalesce(later.component, p.parent) as component
                from {{ parents }} as p
                left join {{ scratch_name(state.later) }} as later on p.parent = later.node
                union all
                select node, component from {{ scratch_name(state.later) }}
            {% endif %}
        {% endset %}
        {% set joined = prefix ~ ("merged" if round == 0 else "joined_" ~ round) %}
        {% do create_scratch_table(joined, query) %}
        {% do drop_scratch_table(prefix ~ "parent_" ~ round) %}
        {% if state.later is not none %}{% do drop_scratch_table(state.later) %}{% endif %}
        {% set state.later = joined %}
    {% endfor %}
{% endmacro %}
