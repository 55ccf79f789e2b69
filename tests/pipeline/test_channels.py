"""Channel rules: GA4's own cases, the Chinese platforms, click ids in addresses, rules of the day.

The rules are the shipped rows and the SQL is what dbt compiled; expectations are written out here.
"""

import json
from collections.abc import Iterable
from datetime import date, datetime

import pytest

from tests.pipeline.model_bench import ModelBench
from tests.pipeline.warehouse import ROOT, Warehouse

GA4_CASES = ROOT.parent / "shared" / "data" / "vendor" / "ga4_channel_cases.json"
EVIDENCE = (
    "lead_source", "utm_source", "utm_medium", "utm_campaign", "click_id_type", "referrer",
    "ad_platform", "touch_kind",
)  # fmt: skip
MODELS = ("int_channels__epochs", "int_channels__platforms", "int_channels__signals")
RULES = ("channel_rule", "traffic_platform", "traffic_platform_name", "own_domain")


@pytest.fixture
def bench(demonstration: Warehouse) -> ModelBench:
    """The channel models with the shipped rules."""
    bench = ModelBench(demonstration)
    bench.put_rules(*RULES, "channel")
    return bench


def signals(bench: ModelBench, cases: Iterable[dict[str, str]]) -> list[tuple[str, str]]:
    """Channel and platform of each case, in their order; a case names only the evidence it has."""
    rows = [
        (str(number), *(case.get(column) or None for column in EVIDENCE))
        for number, case in enumerate(cases)
    ]
    columns = ", ".join(f"{column} varchar" for column in ("channel_signal_key", *EVIDENCE))
    bench.put("int_channels__evidence", columns, rows)
    bench.run(*MODELS)
    found = {
        int(key): (channel, platform)
        for key, channel, platform in bench.rows(
            "int_channels__signals", "channel_signal_key, channel, platform"
        )
    }
    return [found[number] for number in range(len(rows))]


def test_the_default_channel_groups_of_google_analytics(bench: ModelBench) -> None:
    """A01: the 30 cases of the vendor's own tests, but for the one that is wrong at its source."""
    if not GA4_CASES.exists():
        pytest.skip(f"{GA4_CASES} is not there")
    vendor = json.loads(GA4_CASES.read_text("utf-8"))
    cases = vendor["cases"]
    groups = dict(bench.rows("channel", "channel, ga4_group"))
    found = [
        groups[channel]
        for channel, _ in signals(
            bench,
            (
                {f"utm_{part}": case[part].lower() for part in ("source", "medium", "campaign")}
                for case in cases
            ),
        )
    ]
    wrong = [
        (case, group)
        for case, group in zip(cases, found, strict=True)
        if group != case["expected_channel"]
    ]
    assert len(cases) == 30
    assert wrong == [(entry["case"], entry["rule"]) for entry in vendor["rule_disagrees"]]


@pytest.mark.parametrize("column", ["utm_source", "referrer"])
def test_the_chinese_platforms(bench: ModelBench, column: str) -> None:
    """A01, A02, A05: named by a tag or by the page before, free traffic and paid."""
    names = {
        "utm_source": (
            "baidu", "360", "sogou", "douyin", "wechat", "zhihu", "xiaohongshu", "bilibili",
            "toutiao", "公众号", "视频号", "shenma", "weibo",
        ),
        "referrer": (
            "baidu.com/link", "so.com/s", "m.sogou.com/web", "v.douyin.com/ab", "weixin.qq.com",
            "zhuanlan.zhihu.com/p", "xiaohongshu.com/explore", "bilibili.com/video",
            "toutiao.com/article", "mp.weixin.qq.com/s", "channels.weixin.qq.com/web", "m.sm.cn/s",
            "m.weibo.cn/status",
        ),
    }  # fmt: skip
    free = [
        ("organic_search", "baidu"), ("organic_search", "qihoo360"), ("organic_search", "sogou"),
        ("organic_video", "douyin"), ("wechat_social", "wechat"), ("organic_social", "zhihu"),
        ("organic_social", "xiaohongshu"), ("organic_video", "bilibili"),
        ("organic_social", "toutiao"), ("wechat_social", "wechat_official"),
        ("organic_video", "wechat_channels"), ("organic_search", "shenma"),
        ("organic_social", "weibo"),
    ]  # fmt: skip
    visits = [{column: name, "touch_kind": "web_session"} for name in names[column]]
    assert signals(bench, visits) == free
    if column == "utm_source":
        paid = [{**visit, "utm_medium": "cpc"} for visit in visits]
        assert [channel for channel, _ in signals(bench, paid)] == [
            "paid_search" if channel == "organic_search" else "paid_social" for channel, _ in free
        ]


def test_the_more_telling_evidence_decides(bench: ModelBench) -> None:
    """A01, A05: tags before the page before, a click id before free traffic, own pages never."""
    visit = {"touch_kind": "web_session"}
    cases = [
        # Feed ads of a search engine carry its click id too.
        ({"utm_source": "baidu", "utm_medium": "feed", "click_id_type": "bd_vid"}, "paid_social"),
        (
            {"utm_source": "baidu", "utm_medium": "organic", "click_id_type": "bd_vid"},
            "paid_search",
        ),
        ({"click_id_type": "bd_vid"}, "paid_search"),
        ({"click_id_type": "gclid", "referrer": "google.com"}, "paid_search"),
        ({"click_id_type": "li_fat_id", "referrer": "linkedin.com/feed"}, "paid_social"),
        ({"click_id_type": "qz_gdt"}, "paid_social"),
        ({"utm_source": "newsletter-7", "utm_medium": "edm"}, "email"),
        ({"utm_source": "nobody", "utm_medium": "nothing", "referrer": "baidu.com"}, "unknown"),
        ({"referrer": "some-blog.cn/post"}, "link_referral"),
        ({"referrer": "go.xinghesoft.com/live"}, "direct"),
        ({"referrer": "notbaidu.com"}, "link_referral"),
        ({"utm_medium": "referral", "utm_source": "partner"}, "partner"),
        ({"utm_medium": "kol", "utm_source": "zhihu"}, "kol"),
        ({}, "direct"),
    ]
    found = signals(bench, [{**visit, **case} for case, _ in cases])
    assert [channel for channel, _ in found] == [channel for _, channel in cases]
    # A lead without any evidence came from nowhere we know, not directly; its own word goes first.
    leads = [{}, {"lead_source": "抖音挑战赛"}, {"lead_source": "客户转介绍", "utm_medium": "cpc"}]
    assert [channel for channel, _ in signals(bench, leads)] == ["unknown", "unknown", "referral"]


def test_every_channel_has_a_rule(bench: ModelBench) -> None:
    """A01: unknown is where no rule matches; no two rules share a place, so the first is one."""
    rules = bench.rows("channel_rule", "rule_order, channel")
    assert len({order for order, _ in rules}) == len(rules)
    assert {channel for _, channel in rules} | {"unknown"} == {
        channel for (channel,) in bench.rows("channel", "channel")
    }


def test_rules_are_those_of_the_day_of_the_touch(bench: ModelBench) -> None:
    """A01: a mapping change is a closed row and a new one; the past keeps its channel."""
    table = "warehouse.rules.channel_rule"
    bench.connection.execute(
        f"""
        update {table} set valid_to = date '2025-03-01'
        where channel = 'wechat_social' and site_category_regex is not null;
        insert into {table} by name
        select * replace ('content' as channel, 'v9' as rule_version,
            date '2025-03-01' as valid_from, cast(null as date) as valid_to)
        from {table} where channel = 'wechat_social' and site_category_regex is not null;
        update warehouse.rules.traffic_platform_name set valid_to = date '2025-06-01'
        where traffic_name = '公众号' and name_kind = 'source';
        """
    )
    signals(bench, [{"utm_source": "公众号"}])
    periods = sorted(
        bench.rows("int_channels__signals", "valid_from, valid_to, channel, channel_rule_version")
    )
    assert periods == [
        (date(1, 1, 1), date(2025, 3, 1), "wechat_social", "channel-2"),
        (date(2025, 3, 1), date(2025, 6, 1), "content", "v9"),
        (date(2025, 6, 1), None, "unknown", None),
    ]


def test_touches_have_the_channel_of_their_day(demonstration: Warehouse) -> None:
    """A01: every touch, lead and cost line has exactly one channel, through one period of rules."""
    for table in ("fct_touchpoint", "dim_lead", "fct_cost"):
        ((n_rows, n_mapped),) = demonstration.rows(
            f"select count(*), count(channel) from marts.{table}"
        )
        assert n_rows == n_mapped > 0, table
    ((n_touches, n_keys),) = demonstration.rows(
        "select count(*), count(distinct touchpoint_key) from marts.fct_touchpoint"
    )
    assert n_touches == n_keys


KINDS = ("gclid", "gbraid", "wbraid", "msclkid", "bd_vid", "qz_gdt", "clickid", "li_fat_id")
SITE = "https://www.example.com"
URLS = [
    (f"{SITE}/?gclid=Cj0KCQ", "gclid", "Cj0KCQ"),
    (f"{SITE}/p?a=1&gclid=Cj0KCQ&b=2", "gclid", "Cj0KCQ"),
    (f"{SITE}/?GCLID=Cj0KCQ", "gclid", "Cj0KCQ"),
    (f"{SITE}/?Gclid=cJ0kcq", "gclid", "cJ0kcq"),
    (f"{SITE}/?gbraid=0AAAAA", "gbraid", "0AAAAA"),
    (f"{SITE}/?GBRAID=0AAAAA", "gbraid", "0AAAAA"),
    (f"{SITE}/?wbraid=CkAKC", "wbraid", "CkAKC"),
    (f"{SITE}/?x=y&Wbraid=CkAKC", "wbraid", "CkAKC"),
    (f"{SITE}/?msclkid=1a2b3c", "msclkid", "1a2b3c"),
    (f"{SITE}/?MSCLKID=1A2B3C", "msclkid", "1A2B3C"),
    (f"{SITE}/?bd_vid=11223344", "bd_vid", "11223344"),
    (f"{SITE}/?utm_source=baidu&utm_medium=cpc#bd_vid=11223344", "bd_vid", "11223344"),
    (f"{SITE}/page#bd_vid=11223344", "bd_vid", "11223344"),
    (f"{SITE}/#/route?bd_vid=11223344", "bd_vid", "11223344"),
    (f"{SITE}/#section&bd_vid=11223344", "bd_vid", "11223344"),
    (f"{SITE}/?a=1#BD_VID=11223344", "bd_vid", "11223344"),
    (f"{SITE}/?bd_vid=11223344#top", "bd_vid", "11223344"),
    (f"{SITE}/?qz_gdt=wx0abc", "qz_gdt", "wx0abc"),
    (f"{SITE}/?QZ_GDT=wx0abc&z=1", "qz_gdt", "wx0abc"),
    (f"{SITE}/?clickid=EJiw267", "clickid", "EJiw267"),
    (f"{SITE}/?ClickID=EJiw267", "clickid", "EJiw267"),
    (f"{SITE}/?adid=1&creativeid=2&clickid=EJiw267", "clickid", "EJiw267"),
    (f"{SITE}/?li_fat_id=0f1e-22", "li_fat_id", "0f1e-22"),
    (f"{SITE}/?LI_FAT_ID=0f1e-22", "li_fat_id", "0f1e-22"),
    # An address copied from HTML
    (f"{SITE}/?a=1&amp;bd_vid=11223344", "bd_vid", "11223344"),
    # Empty ones are none, the next one counts.
    (f"{SITE}/?gclid=&bd_vid=11223344", "bd_vid", "11223344"),
    (f"{SITE}/?gclid=", None, None),
    # Names that only end like one, names in the path, a nested address
    (f"{SITE}/?fooclickid=1", None, None),
    (f"{SITE}/?my_gclid=1", None, None),
    (f"{SITE}/gclid=1/page", None, None),
    (f"{SITE}/?next=https%3A%2F%2Fa.cn%2F%3Fgclid%3D1", None, None),
    (f"{SITE}/?utm_content=gclid", None, None),
    (f"{SITE}/", None, None),
    ("not an address", None, None),
    (None, None, None),
]


REFERRERS = [
    ("https://www.baidu.com/link?url=abc", f"{SITE}/", None, "baidu.com/link"),
    ("https://M.Baidu.com/s?wd=x", f"{SITE}/", None, "m.baidu.com/s"),
    ("https://mp.weixin.qq.com/s/AbC", f"{SITE}/", None, "mp.weixin.qq.com/s"),
    ("https://zhuanlan.zhihu.com/", f"{SITE}/", None, "zhuanlan.zhihu.com"),
    ("https://user@host.cn:8080/x", f"{SITE}/", None, "host.cn/x"),
    ("https://www.baidu.com/", f"{SITE}/", "baidu", None),
    ("https://example.com/other", f"{SITE}/", None, None),
    ("http://WWW.EXAMPLE.COM/other", f"{SITE}/", None, None),
    ("https://blog.example.com/a", f"{SITE}/", None, "blog.example.com/a"),
    ("android-app://com.tencent.mm", f"{SITE}/", None, "com.tencent.mm"),
    ("https://a.cn", None, None, "a.cn"),
    ("nonsense", f"{SITE}/", None, None),
    (None, f"{SITE}/", None, None),
]


def web_events(bench: ModelBench, landings: list[dict[str, str | None]], columns: str) -> list:
    """Columns of int_web__events for one event per landing, in their order."""
    texts = (
        "event_id", "anonymous_id", "_row_hash", "_source_system", "_batch_id", "session_id",
        "event_name", "asset_id", "page_path", "page_url", "referrer", "utm_source", "utm_medium",
        "utm_campaign", "utm_term", *KINDS,
    )  # fmt: skip
    at = datetime(2025, 1, 1)
    bench.put_rules("measure_policy")
    bench.put("int_time__as_of", "as_of timestamp", [(datetime(2026, 1, 1),)])
    bench.put("int_time__batch_sightings", "batch_id varchar, last_seen_at timestamp", [])
    bench.put(
        "stg_web__events",
        ", ".join(
            [f"{name} varchar" for name in texts]
            + [f"{name} timestamp" for name in ("_extracted_at", "received_at", "occurred_at")]
            + [f"{name} boolean" for name in ("is_bot", "_is_deleted")]
        ),
        [
            (f"{n:03}", "v", "h", "web", "b", *(landing.get(name) for name in texts[5:]),
             at, at, at, False, False)
            for n, landing in enumerate(landings)
        ],
    )  # fmt: skip
    bench.run("int_web__events")
    return [row[1:] for row in sorted(bench.rows("int_web__events", f"event_id, {columns}"))]


def test_click_ids_are_found_wherever_the_address_has_them(bench: ModelBench) -> None:
    """A05: eight kinds, in any case, also after '#'; the value keeps its case."""
    found = web_events(bench, [{"page_url": url} for url, *_ in URLS], "click_id_type, click_id")
    assert len(URLS) >= 30
    assert {kind for _, kind, _ in URLS if kind} == set(KINDS)
    assert found == [(kind, value) for _, kind, value in URLS]


def test_a_column_of_the_tracker_goes_before_the_address(bench: ModelBench) -> None:
    """A05: what the tracker read is taken as it is."""
    landing = {"page_url": f"{SITE}/?clickid=AAA", "bd_vid": "Bb"}
    assert web_events(bench, [landing], "click_id_type, click_id") == [("bd_vid", "Bb")]


def test_the_page_before_is_read_as_host_and_first_part_of_the_path(bench: ModelBench) -> None:
    """A01: own pages and tagged visits have none."""
    landings = [
        {"referrer": referrer, "page_url": url, "utm_source": source}
        for referrer, url, source, _ in REFERRERS
    ]
    found = web_events(bench, landings, "referrer")
    assert [page for (page,) in found] == [page for *_, page in REFERRERS]


def test_paid_traffic_has_a_cost_or_says_that_it_is_missing(demonstration: Warehouse) -> None:
    """A02: month by month, against plain sums; every lead is in one of three groups."""
    touched = set(
        demonstration.rows(
            """
            select channel, strftime(occurred_at + interval 8 hour, '%Y-%m')
            from marts.fct_touchpoint where touch_use <> 'none'
            """
        )
    )
    paid_for = set(
        demonstration.rows(
            "select channel, strftime(service_month, '%Y-%m') from marts.fct_cost"
            " where cost_group <> 'people' group by all"
        )
    )
    groups = dict(demonstration.rows("select channel, traffic_group from marts.dim_channel"))
    found = demonstration.rows(
        """
        select channel, strftime(month_start, '%Y-%m'), is_cost_missing, is_touch_missing
        from marts.mart_paid_channel_cost
        """
    )
    assert found
    assert {(cell[0], cell[1]) for cell in found} == {
        cell for cell in touched | paid_for if groups[cell[0]] == "paid"
    }
    for channel, month, no_cost, no_touch in found:
        assert no_cost == ((channel, month) not in paid_for)
        assert no_touch == ((channel, month) not in touched)
    assert any(no_cost for *_, no_cost, _ in found)
    leads = demonstration.rows("select distinct channel from marts.dim_lead")
    assert {groups[channel] for (channel,) in leads} == {"free", "paid", "partner"}
