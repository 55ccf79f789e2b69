"""The models that normalise identifiers, built by dbt over spellings that the tests make up."""

import hashlib
import json
import random
import string
from pathlib import Path

import idna
import pytest
import tldextract

from dagster_project.lib.identity.plugin import identity_key
from tests.pipeline.identifier_project import IdentifierProject

N_DOMAINS, N_CODES = 20_000, 10_000
PEPPER = "PEPPER-of-the-token-test-3f9a"

PUNYCODE = "xn--kiv79l.xn--55qx5d.cn"  # 星河.公司.cn
EMAILS = {
    # raw: (email, canonical_email, registrable_domain)
    "Wang.Wei@Acme.CN": ("wang.wei@acme.cn", "wang.wei@acme.cn", "acme.cn"),
    " ｗａｎｇ＠ａｃｍｅ．ｃｎ　": ("wang@acme.cn", "wang@acme.cn", "acme.cn"),
    "mailto:wang@acme.cn": ("wang@acme.cn", "wang@acme.cn", "acme.cn"),
    "Email: mailto:wang@acme.cn": ("wang@acme.cn", "wang@acme.cn", "acme.cn"),
    "'wang@acme.cn'": ("wang@acme.cn", "wang@acme.cn", "acme.cn"),
    "“wang@acme.cn”": ("wang@acme.cn", "wang@acme.cn", "acme.cn"),
    "Wang Wei <wang@acme.cn>": ("wang@acme.cn", "wang@acme.cn", "acme.cn"),
    "[wang@acme.cn]": ("wang@acme.cn", "wang@acme.cn", "acme.cn"),
    "wang @ acme . cn": ("wang@acme.cn", "wang@acme.cn", "acme.cn"),
    "wang@acme。cn": ("wang@acme.cn", "wang@acme.cn", "acme.cn"),
    "wang@acme.cn.": ("wang@acme.cn", "wang@acme.cn", "acme.cn"),
    "wang@acme.cn；li@acme.cn": ("wang@acme.cn", "wang@acme.cn", "acme.cn"),
    "wang@mail.acme.com.cn": ("wang@mail.acme.com.cn", "wang@mail.acme.com.cn", "acme.com.cn"),
    "wang+news@acme.cn": ("wang+news@acme.cn", "wang+news@acme.cn", "acme.cn"),
    "W.ang+x@gmail.com": ("w.ang+x@gmail.com", "wang@gmail.com", "gmail.com"),
    "wang@googlemail.com": ("wang@googlemail.com", "wang@gmail.com", "googlemail.com"),
    "w.ang+x@outlook.com": ("w.ang+x@outlook.com", "w.ang@outlook.com", "outlook.com"),
    "w.ang@hotmail.com": ("w.ang@hotmail.com", "w.ang@hotmail.com", "hotmail.com"),
    "wang+a@me.com": ("wang+a@me.com", "wang@icloud.com", "me.com"),
    "w.ang@protonmail.com": ("w.ang@protonmail.com", "wang@proton.me", "protonmail.com"),
    "wang+x@qq.com": ("wang+x@qq.com", "wang+x@qq.com", "qq.com"),
    "+x@gmail.com": ("+x@gmail.com", "+x@gmail.com", "gmail.com"),
    "王@星河.公司.cn": ("王@星河.公司.cn", f"王@{PUNYCODE}", PUNYCODE),
    f"wang@{PUNYCODE}": (f"wang@{PUNYCODE}", f"wang@{PUNYCODE}", PUNYCODE),
    "wang@acme": (None, None, None),
    "wang@acme@cn": (None, None, None),
    "wang.acme.cn": (None, None, None),
    "@acme.cn": (None, None, None),
    "wang@10.0.0.1": (None, None, None),
    "wang@-星河.cn": (None, None, None),
    "无": (None, None, None),
    "n/a": (None, None, None),
}  # fmt: skip

MAILBOXES = {
    # raw: (is_role_mailbox, is_free, is_disposable)
    "info@acme.cn": (True, False, False),
    "Sales+CN@acme.cn": (True, False, False),
    "wang@qq.com": (False, True, False),
    "a@x.mailinator.com": (False, False, True),
    "wang@mailinator.com": (False, False, True),
}

WEBSITES = {
    # raw: (host, registrable_domain)
    "https://www.Acme.com.cn/about?x=1#y": ("acme.com.cn", "acme.com.cn"),
    "http://user:secret@shop.acme.cn:8080/": ("shop.acme.cn", "acme.cn"),
    "acme.cn:8080/path": ("acme.cn", "acme.cn"),
    "//acme.cn": ("acme.cn", "acme.cn"),
    "https//acme.cn": ("acme.cn", "acme.cn"),
    "http：//ｗｗｗ．ａｃｍｅ．ｃｎ": ("acme.cn", "acme.cn"),
    " acme 。cn ": ("acme.cn", "acme.cn"),
    "acme.cn.": ("acme.cn", "acme.cn"),
    "www.ck": ("www.ck", "www.ck"),
    "www.com.cn": ("com.cn", "www.com.cn"),
    "a.b.kawasaki.jp": ("a.b.kawasaki.jp", "a.b.kawasaki.jp"),
    "x.city.kawasaki.jp": ("x.city.kawasaki.jp", "city.kawasaki.jp"),
    "星河.中国": ("星河.中国", "xn--kiv79l.xn--fiqs8s"),
    "com.cn": ("com.cn", None),
    "192.168.1.1": ("192.168.1.1", None),
    "localhost:3000": ("localhost", None),
    "crm.intranet.local": ("crm.intranet.local", None),
    "无": ("无", None),
    "/": (None, None),
}

COMPANIES = {
    # raw: (legal_key, brand_key, is_short)
    "华为技术有限公司": ("华为技术有限公司", "华为技术", False),
    " 华为 技术 有限公司 ": ("华为技术有限公司", "华为技术", False),
    "華為技術有限公司": ("华为技术有限公司", "华为技术", False),
    "华为技术有限责任公司": ("华为技术有限公司", "华为技术", False),
    "华为技术（上海）有限公司": ("华为技术上海有限公司", "华为技术", False),
    "华为技术(上海)有限公司": ("华为技术上海有限公司", "华为技术", False),
    "上海华为技术有限公司": ("上海华为技术有限公司", "华为技术", False),
    "上海市华为技术有限公司": ("上海市华为技术有限公司", "华为技术", False),
    "江苏省南京市华为技术有限公司": ("江苏省南京市华为技术有限公司", "华为技术", False),
    "华为技术股份有限公司": ("华为技术股份有限公司", "华为技术", False),
    "华为技术集团有限公司": ("华为技术集团有限公司", "华为技术", False),
    "华为技术有限公司上海分公司": ("华为技术有限公司上海分公司", "华为技术", False),
    "华为技术有限责任公司上海分公司": ("华为技术有限公司上海分公司", "华为技术", False),
    "华为": ("华为", "华为", True),
    "华为公司": ("华为公司", "华为", True),
    "华为集团": ("华为集团", "华为", True),
    "华为（中国）": ("华为中国", "华为", True),
    "清华大学": ("清华大学", "清华大学", False),
    "北京大学": ("北京大学", "北京大学", False),
    "北京银行": ("北京银行", "北京银行", False),
    "Acme": ("acme", "acme", True),
    "Acme Group": ("acmegroup", "acme", True),
    "Acme Co., Ltd.": ("acmecoltd", "acme", False),
    "ACME CO.,LTD": ("acmecoltd", "acme", False),
    "Acme Company Limited": ("acmecoltd", "acme", False),
    "Acme (China) Co Ltd": ("acmechinacoltd", "acme", False),
    "Beijing Acme Technology Co., Ltd.": ("beijingacmetechnologycoltd", "acmetechnology", False),
    "Acme Inc.": ("acmeinc", "acme", False),
    "Acme, Incorporated": ("acmeinc", "acme", False),
    "Acme L.L.C.": ("acmellc", "acme", False),
    "Acme GmbH & Co. KG": ("acmegmbh&cokg", "acme", False),
    "Zinc": ("zinc", "zinc", True),
    "IBM 中国 有限公司": ("ibm中国有限公司", "ibm", False),
    "有限公司": (None, None, True),
    "无": (None, None, True),
    "个人": (None, None, True),
    "N/A": (None, None, True),
}

KNOWN_CODE = "91350100M000100Y43"

TOKENS = {
    "int_identifiers__tokens": """
        select
            raw_email, canonical_email, {{ identity_token("'email'", "canonical_email") }} as token
        from {{ ref('int_identifiers__emails') }}
    """,
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> IdentifierProject:
    """One build of everything that the tests of this module look at."""
    project = IdentifierProject(tmp_path_factory.mktemp("identifiers") / "dbt", TOKENS)
    project.records(
        {
            "email": [*EMAILS, *MAILBOXES],
            "website": [*WEBSITES, *_random_domains()],
            "company_name": COMPANIES,
            "credit_code": _random_codes(),
            "phone": ["13812345678", "+1 381 234 5678", "010-62345678"],
            "phone_2": ["13812345678", None],
            "full_name": ["王伟", "Wang Wei", "王总", None],
        }
    )
    return project.built()


def test_emails(built: IdentifierProject) -> None:
    rows = built.rows(
        "select raw_email, email, canonical_email, registrable_domain from int_identifiers__emails"
    )
    found = {raw: tuple(found) for raw, *found in rows}
    assert {raw: found[raw] for raw in EMAILS} == EMAILS
    assert found.keys() == EMAILS.keys() | MAILBOXES.keys()


def test_mailboxes_are_classified(built: IdentifierProject) -> None:
    flags = "is_role_mailbox, is_free, is_disposable"
    found = {
        raw: tuple(flags)
        for raw, *flags in built.rows(f"select raw_email, {flags} from int_identifiers__emails")
    }
    assert {raw: found[raw] for raw in MAILBOXES} == MAILBOXES
    assert found["无"] == found["wang@acme.cn."] == (False, False, False)


def test_websites(built: IdentifierProject) -> None:
    rows = built.rows("select raw_website, host, registrable_domain from int_identifiers__websites")
    found = {raw: tuple(found) for raw, *found in rows}
    assert {raw: found[raw] for raw in WEBSITES} == WEBSITES


def test_registrable_domains_are_those_of_tldextract(built: IdentifierProject) -> None:
    extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
    ours = dict(built.rows("select raw_website, registrable_domain from int_identifiers__websites"))
    domains = _random_domains()
    assert len(domains) == N_DOMAINS
    wrong = []
    for domain in domains:
        theirs = extract(domain).top_domain_under_public_suffix or None
        # Ours are in ASCII.
        theirs = theirs and idna.encode(theirs, uts46=True).decode("ascii")
        if ours[domain] != theirs:
            wrong.append((domain, ours[domain], theirs))
    assert not wrong, f"{len(wrong)}: {wrong[:10]}"
    assert sum(found is None for found in ours.values()) > 100


def test_companies(built: IdentifierProject) -> None:
    rows = built.rows(
        """
        select raw_company_name, company_legal_key, company_brand_key, is_short
        from int_identifiers__company_names
        """
    )
    assert {raw: tuple(found) for raw, *found in rows} == COMPANIES


def test_credit_codes_are_checked_as_the_standard_says(built: IdentifierProject) -> None:
    ours = dict(built.rows("select raw_credit_code, is_valid from int_identifiers__credit_codes"))
    codes = _random_codes()
    assert {code: ours[code] for code in codes} == {code: _is_credit_code(code) for code in codes}
    assert ours[KNOWN_CODE] is True
    assert ours[f" {KNOWN_CODE[:9].lower()}-{KNOWN_CODE[9:]}"] is True
    assert ours["0" * 18] is False
    assert N_CODES * 0.3 < sum(ours.values()) < N_CODES * 0.7


def test_phones_of_both_fields_are_there_once(built: IdentifierProject) -> None:
    assert built.rows("select raw_phone, phone_type from int_identifiers__phones order by 1") == [
        ("+1 381 234 5678", "invalid"),
        ("010-62345678", "fixed_line"),
        ("13812345678", "mobile"),
    ]


def test_names_are_parsed_with_the_seeds(built: IdentifierProject) -> None:
    assert built.rows("from int_identifiers__names order by raw_name") == [
        ("Wang Wei", "wang wei", "full", "wang", "wangwei"),
        ("王伟", "王伟", "full", "王", "wangwei"),
        ("王总", None, "address", "王", "wang"),
    ]


def test_a_full_refresh_over_the_cache_gives_the_same_rows(built: IdentifierProject) -> None:
    def tables() -> dict[str, list[tuple]]:
        query = "select table_name from duckdb_tables() where schema_name = 'intermediate'"
        return {name: built.rows(f"from {name} order by all") for (name,) in built.rows(query)}

    before = tables()
    assert len(before) >= 15
    built.built("path:models", "--full-refresh")
    assert tables() == before


def test_no_record_at_all_builds_empty_tables(tmp_path: Path) -> None:
    project = IdentifierProject(tmp_path / "dbt")
    project.records({})
    project.built()
    tables = project.rows(
        """
        select table_name from duckdb_tables()
        where schema_name = 'intermediate' and table_name like 'int_identifiers__%'
            and table_name <> 'int_identifiers__name_words'
        """
    )
    assert len(tables) >= 13
    assert all(project.rows(f"select count(*) from {name}") == [(0,)] for (name,) in tables)


def test_tokens_are_keyed_and_the_pepper_is_written_nowhere(tmp_path: Path) -> None:
    project = IdentifierProject(tmp_path / "dbt", TOKENS)
    project.records({"email": ["W.ang@gmail.com", "wang@googlemail.com", "li@acme.cn", "无"]})
    token_mode = ["--vars", json.dumps({"identity_values": "token"})]
    done = project.build(
        "path:models", "--log-level-file", "debug", *token_mode, LEADHOUSE_IDENTITY_PEPPER=PEPPER
    )
    assert done.returncode == 0, done.stdout[-3000:]
    rows = project.rows("select canonical_email, token from int_identifiers__tokens")
    key = identity_key({"LEADHOUSE_IDENTITY_PEPPER": PEPPER})
    for value, token in rows:
        assert token == (None if value is None else _token(key, "email", value))
    assert len(rows) == 4
    assert len({token for _, token in rows}) == 3
    files = [path for path in project.folder.rglob("*") if path.is_file()]
    assert any("logs" in path.parts for path in files)
    assert any("target" in path.parts for path in files)
    assert project.warehouse in files
    for secret in (PEPPER, key):
        holding = [path for path in files if secret.encode() in path.read_bytes()]
        assert not holding, holding
        assert secret not in done.stdout + done.stderr


def test_without_a_pepper_token_mode_builds_nothing(tmp_path: Path) -> None:
    project = IdentifierProject(tmp_path / "dbt", TOKENS)
    project.records({"email": ["li@acme.cn"]})
    for environment in ({}, {"LEADHOUSE_IDENTITY_PEPPER": "too-short"}):
        done = project.build("path:models", "--vars", '{"identity_values": "token"}', **environment)
        assert done.returncode != 0
        said = " ".join(done.stdout.split())
        assert "LEADHOUSE_IDENTITY_PEPPER is not set or has fewer than 16" in said
        assert "too-short" not in done.stdout + done.stderr
        assert project.rows("select table_name from duckdb_tables()") == []


def test_plain_values_stand_for_themselves(built: IdentifierProject) -> None:
    assert built.rows(
        "select count(*), count(token) from int_identifiers__tokens"
        " where token is not distinct from canonical_email"
    ) == [(len(EMAILS | MAILBOXES), len(EMAILS | MAILBOXES) - 8)]


def _token(key: str, kind: str, value: str) -> str:
    inner = hashlib.sha256(f"{key}{len(kind)}:{kind}{value}".encode()).hexdigest()
    return hashlib.sha256(f"{inner}{key}".encode()).hexdigest()


def _random_domains() -> list[str]:
    """Domains under endings of every kind, known and unknown, in Unicode and in Punycode."""
    dice = random.Random(2)
    folder = Path(__file__).resolve().parents[2] / "seeds" / "reference" / "public_suffix.csv"
    listed = [line.split(",")[0] for line in folder.read_text("utf-8").splitlines()[1:]]
    often = [
        "com", "cn", "com.cn", "co.uk", "ck", "www.ck", "kawasaki.jp", "city.kawasaki.jp",
        "公司.cn", "中国", "github.io", "blogspot.com", "unknown", "local", "k12.ma.us",
    ]  # fmt: skip
    domains: set[str] = set()
    while len(domains) < N_DOMAINS:
        labels = [
            "".join(dice.choices(string.ascii_lowercase + string.digits, k=dice.randrange(1, 9)))
            for _ in range(dice.choice([0, 1, 1, 1, 2, 2, 3]))
        ]
        if labels and dice.random() < 0.1:
            labels[-1] = dice.choice(["星河", "bücher", "云帆科技"])
        ending = dice.choice(listed) if dice.random() < 0.6 else dice.choice(often)
        domains.add(".".join([*labels, ending]))
    return sorted(domains)


ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def _random_codes() -> list[str]:
    """Valid codes, codes with one character changed, and what is no code."""
    dice = random.Random(3)
    codes = {KNOWN_CODE, f" {KNOWN_CODE[:9].lower()}-{KNOWN_CODE[9:]}", "0" * 18, "91350100", "无"}
    while len(codes) < N_CODES:
        body = (
            dice.choice("159ANY") + dice.choice("1239")
            + "".join(dice.choices("0123456789", k=6)) + "".join(dice.choices(ALPHABET, k=9))
        )  # fmt: skip
        code = body + _check_character(body)
        if dice.random() < 0.5:
            at = dice.randrange(18)
            code = code[:at] + dice.choice(ALPHABET + "IOSVZ") + code[at + 1 :]
        codes.add(code)
    return sorted(codes)


def _check_character(body: str) -> str:
    """GB 32100-2015, 5.3: 31 minus the weighted sum modulo 31; 31 is written 0."""
    total = sum(ALPHABET.index(c) * pow(3, place, 31) for place, c in enumerate(body))
    return ALPHABET[(31 - total % 31) % 31]


def _is_credit_code(raw: str) -> bool:
    code = "".join(c for c in raw if c.isascii() and c.isalnum()).upper()
    return (
        len(code) == 18
        and set(code) <= set(ALPHABET)
        and code[0] != "0"
        and code[2:8].isdigit()
        and _check_character(code[:17]) == code[17]
    )
