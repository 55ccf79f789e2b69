import pytest

from dagster_project.lib.identity import domains


@pytest.mark.parametrize(
    ("domain", "ascii_domain"),
    [
        ("bücher.example", "xn--bcher-kva.example"),
        ("BÜCHER.example", "xn--bcher-kva.example"),
        ("星河.公司.cn", "xn--kiv79l.xn--55qx5d.cn"),
        ("星河。中国", "xn--kiv79l.xn--fiqs8s"),
        ("acme.cn", "acme.cn"),
        ("a..b", None),
        ("-星河.cn", None),
        ("星河\u202e.cn", None),
        ("", None),
    ],
)
def test_domain_in_ascii(domain: str, ascii_domain: str | None) -> None:
    assert domains.to_ascii(domain) == ascii_domain


def test_table_has_the_domains_that_are_not_ascii_once() -> None:
    table = domains.as_table(["星河.cn", "acme.cn", "星河.cn", "-星河.cn"])
    assert table.to_pydict() == {
        "domain": ["-星河.cn", "星河.cn"],
        "ascii_domain": [None, "xn--kiv79l.cn"],
    }
    assert domains.as_table([]).schema == table.schema
