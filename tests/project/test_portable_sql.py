import pytest

from tests.project.conftest import ROOT
from tests.project.portable_sql import FORBIDDEN, FORBIDDEN_MACROS, findings

WRITTEN_FOR_TWO_ENGINES = sorted(
    path
    for folder in ("models", "macros", "tests", "snapshots")
    for path in (ROOT / "dbt" / folder).rglob("*.sql")
    if "portable" not in path.relative_to(ROOT / "dbt").parts
)

PLANTED = {
    r"\bhash\s*\(": "select hash(lead_id) as k from leads",
    r"\b(str_|string_)?split\s*\(": "select split(email, '@') as k from leads",
    r"\[": "select [1, 2] as k",
    r"\bunnest\s*\(": "select unnest(tags) as tag from leads",
    r"\basof\b": "select 1 as x from a asof join b on a.at >= b.at",
    r"\bexclude\b": "select * exclude (email) from leads",
    r"\*\s*replace\s*\(": "select * replace (lower(email) as email) from leads",
    r"\bcolumns\s*\(": "select columns('utm_.*') from leads",
    r"\bby\s+name\b": "select a from x union all by name select a from y",
    r"\bdistinct\s+on\b": "select distinct on (lead_id) lead_id from leads",
    r"->": "select payload ->> 'a' as a from events",
    r"\bdate_?diff\s*\(": "select date_diff('hour', a, b) as h from x",
    r"\bregexp_\w+\s*\(": "select regexp_replace(a, 'b', 'c') as d from x",
    r"\barg_(max|min)(_null)?\s*\(": "select arg_max(a, b) as c from x",
    r"\blist(_\w+)?\s*\(": "select list(a) as c from x",
    r"\b(string_agg|group_concat|listagg)\s*\(": "select string_agg(a, ',') as c from x",
    r"\bstruct_\w+\s*\(": "select struct_pack(a := 1) as c",
    r"\bepoch(_\w+)?\s*\(": "select epoch(a) as c from x",
    r"\b(try_)?str[fp]time\s*\(": "select strftime(a, '%Y') as c from x",
    r"\bgenerate_series\s*\(": "select i from generate_series(1, 3) as s(i)",
    r"\bread_(parquet|csv|json)\w*\s*\(": "select a from read_csv('x.csv')",
    r"//": "select a // b as c from x",
    r"\b(current_date|current_timestamp|localtimestamp)\b": "select current_date as d",
    r"\b(now|today|get_current_timestamp)\s*\(": "select now() as d",
    r"\b(random|rand|uuid|gen_random_uuid)\s*\(": "select uuid() as k",
    r"\bdbt\.safe_cast\b": "select {{ dbt.safe_cast('a', api.Column.translate_type('date')) }}",
    r"\bdbt\.split_part\b": "select {{ dbt.split_part('a', \"'@'\", 1) }}",
    r"\bdbt\.listagg\b": "select {{ dbt.listagg('a') }}",
    r"\bdbt\.date_spine\b": "{{ dbt.date_spine('day', 'a', 'b') }}",
}


@pytest.mark.parametrize(
    "path", WRITTEN_FOR_TWO_ENGINES, ids=lambda path: path.relative_to(ROOT).as_posix()
)
def test_sql_runs_on_both_engines(path):
    found = findings(path.read_text("utf-8"))
    assert not found, "\n" + "\n".join(
        f"{path.relative_to(ROOT)}:{finding.line}: {finding.found!r}: write {finding.instead}"
        for finding in found
    )


def test_every_rule_has_a_planted_example():
    assert PLANTED.keys() == FORBIDDEN.keys() | FORBIDDEN_MACROS.keys()


@pytest.mark.parametrize("snippet", PLANTED.values())
def test_planted_construct_is_found_with_its_line(snippet):
    assert [finding.line for finding in findings(f"-- a comment\n\n{snippet}\n")] == [3]


@pytest.mark.parametrize("rule", FORBIDDEN)
def test_comments_and_literals_are_no_findings(rule):
    snippet = PLANTED[rule]
    quoted = snippet.replace("'", "''")
    assert not findings(f"-- {snippet}\n/* {snippet}\n */ {{# {snippet} #}} select '{quoted}' as a")


@pytest.mark.parametrize("rule", FORBIDDEN_MACROS)
def test_jinja_comments_are_no_findings(rule):
    assert not findings(f"{{# {PLANTED[rule]} #}} select 1 as a")


@pytest.mark.parametrize(
    "snippet",
    [
        "select a from x order by a",
        "select a from x order by a desc, b nulls last",
        "select row_number() over (partition by a order by b desc) as n from x",
        "select sum(a) over (order by b rows between 1 preceding and current row) as n from x",
        "select max(a) over (order by coalesce(b, c)) as n from x order by n nulls last limit 1",
        "{% do run_query('select a from ' ~ x ~ ' order by a') %}",
        "{{ macro('row_number() over (partition by a order by b)') }}",
    ],
)
def test_sort_key_without_nulls_last_is_found(snippet):
    assert [finding.instead for finding in findings(snippet)] == ["nulls last after every sort key"]


@pytest.mark.parametrize(
    "snippet",
    [
        "select a from x order by a nulls last, b desc nulls last limit 3",
        "select sum(a) over (order by b nulls last rows between 1 preceding and current row) as n",
        "select 1 as a qualify row_number() over (order by {{ sort_key() }}) = 1",
        "order by\n{% for c in cs -%}\n{{ c }} desc nulls last,\n{% endfor -%}\nd nulls last",
        "{% do run_query('select a from ' ~ x ~ ' order by a nulls last') %}",
        "select {{ regex_like('a', '^[0-9]+$') }} as b, {{ surrogate_key(['a', 'b']) }} as k",
        "select hashed, split_part(a, '@', 1) as b, listed, max_by(a, b) as c from x",
    ],
)
def test_portable_sql_passes(snippet):
    assert not findings(snippet)
