"""Advertising: the campaigns, what they cost per day, and every other marketing cost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from tests.simulator import clock
from tests.simulator.dice import Dice, generator

CHANNEL_OF_PLATFORM = {
    "baidu": "paid_search",
    "qihoo360": "paid_search",
    "ocean_engine": "paid_social",
    "tencent_ads": "paid_social",
    "display_network": "display",
}
ACCOUNT_OF_PLATFORM = {
    "baidu": "bd-xinghe-01",
    "qihoo360": "qh-88213",
    "ocean_engine": "oe-1730042",
    "tencent_ads": "tx-60917",
    "display_network": "dn-sg-7",
}
UTM_OF_PLATFORM = {
    "baidu": ("baidu", "cpc"),
    "qihoo360": ("360", "cpc"),
    "ocean_engine": ("ocean_engine", "feed"),
    "tencent_ads": ("tencent", "paid_social"),
    "display_network": ("display_network", "display"),
}
CLICK_ID_OF_PLATFORM = {"baidu": "bd_vid", "ocean_engine": "clickid", "tencent_ads": "qz_gdt"}

#: campaign id, platform, name, ad groups -> keywords (feed campaigns have none)
_CAMPAIGNS = (
    ("BD-101", "baidu", "品牌词", {"品牌": ("星河软件", "星河软件官网")}),
    ("BD-102", "baidu", "营销自动化",
     {"核心": ("营销自动化", "营销自动化软件"), "长尾": ("b2b营销自动化多少钱",)}),
    ("BD-103", "baidu", "线索管理",
     {"核心": ("线索管理系统", "线索管理"), "长尾": ("销售线索怎么管理",)}),
    ("BD-104", "baidu", "竞品词", {"竞品": ("云帆科技怎么样",)}),
    ("QH-201", "qihoo360", "营销自动化", {"核心": ("营销自动化", "客户数据平台")}),
    ("QH-202", "qihoo360", "线索管理", {"核心": ("线索管理系统",)}),
    ("OE-301", "ocean_engine", "白皮书信息流", {"制造业人群": (), "零售人群": ()}),
    ("OE-302", "ocean_engine", "直播预约信息流", {"通投": ()}),
    ("TX-401", "tencent_ads", "朋友圈案例", {"高管人群": (), "通投": ()}),
    ("DN-501", "display_network", "海外品牌展示", {"SEA": ()}),
)  # fmt: skip
#: campaign id -> (first day of the new name, new name)
RENAMES = {
    "BD-102": (date(2025, 4, 1), "营销自动化-2025新版"),
    "OE-301": (date(2025, 9, 15), "白皮书信息流(增长组)"),
}
#: The keyword that costs money and never brings a lead.
BARREN_KEYWORD = "云帆科技怎么样"


@dataclass(frozen=True, slots=True)
class AdLine:
    """What one row of the daily report is about, apart from day and device."""

    platform: str
    campaign_id: str
    campaign_name: str
    ad_group_id: str
    ad_group_name: str
    keyword_id: str
    keyword_text: str
    match_type: str

    def campaign_name_on(self, day: date) -> str:
        """Return the campaign's name on a day."""
        change = RENAMES.get(self.campaign_id)
        return change[1] if change and day >= change[0] else self.campaign_name


def ad_lines() -> list[AdLine]:
    """Return every line of the five platforms' accounts."""
    lines = []
    for campaign_id, platform, name, groups in _CAMPAIGNS:
        for g, (group, keywords) in enumerate(groups.items(), start=1):
            for k, keyword in enumerate(keywords or ("",), start=1):
                lines.append(
                    AdLine(
                        platform=platform,
                        campaign_id=campaign_id,
                        campaign_name=name,
                        ad_group_id=f"{campaign_id}-G{g}",
                        ad_group_name=group,
                        keyword_id=f"{campaign_id}-G{g}-K{k}" if keyword else "",
                        keyword_text=keyword,
                        match_type=("phrase" if k % 2 else "exact") if keyword else "",
                    )
                )
    return lines


class Media:
    """Daily advertising cost and the other costs of marketing."""

    def __init__(self, seed: int) -> None:
        self.lines = ad_lines()
        self.spend: list[list] = []  # rows of ad_spend_daily in the order of the contract
        self.restated: list[tuple[list, list]] = []  # (row as first delivered, row as restated)
        self._make_spend(generator(seed, "spend"))
        self.other_costs = _other_costs(Dice(seed, "costs"))

    def _make_spend(self, rng: np.random.Generator) -> None:
        weights = np.array(clock.day_weights())
        base = {"baidu": 190.0, "qihoo360": 110.0, "ocean_engine": 330.0, "tencent_ads": 300.0,
                "display_network": 60.0}  # fmt: skip
        for line in self.lines:
            brand = 0.5 if "品牌" in line.campaign_name else 1.0
            for device, share in (("mobile", 0.6), ("desktop", 0.4)):
                if line.platform in ("ocean_engine", "tencent_ads") and device == "desktop":
                    continue
                cost = base[line.platform] * brand * share * weights * rng.lognormal(0, 0.25, 730)
                cents = np.maximum(100, (cost * 100).astype(np.int64))
                clicks = np.maximum(1, rng.poisson(cost / 14)).tolist()
                ratio = rng.uniform(12, 40, 730)
                rebate = rng.uniform(0.05, 0.12, 730)
                for i in range(clock.DAYS):
                    self.spend.append(
                        self._spend_row(
                            line, device, i, int(cents[i]), clicks[i],
                            int(clicks[i] * ratio[i]), float(rebate[i]),
                        )
                    )  # fmt: skip
        self.spend.sort(key=lambda row: (row[2], row[0], row[3], row[4], row[5], row[7]))
        self._restate()

    def _spend_row(
        self, line: AdLine, device: str, i: int, cents: int, clicks: int, views: int, rebate: float
    ) -> list:
        day = clock.day_of(i)
        platform = line.platform
        cash = round(cents * (1 - rebate)) if platform in ("baidu", "tencent_ads") else None
        back = round(cents * rebate) if platform in ("qihoo360", "baidu") else None
        return [
            platform, ACCOUNT_OF_PLATFORM[platform], day.isoformat(), line.campaign_id,
            line.ad_group_id, line.keyword_id, line.match_type, device, views, clicks, cents,
            "USD" if platform == "display_network" else "CNY", cash, back, clicks // 9, None,
            line.campaign_name_on(day), line.ad_group_name, line.keyword_text,
            "Asia/Singapore" if platform == "display_network" else "Asia/Shanghai",
        ]  # fmt: skip

    def _restate(self) -> None:
        """Baidu corrects three days of February 2025 in a later report, which is then in force."""
        for position, row in enumerate(self.spend):
            if row[0] == "baidu" and row[2] in ("2025-02-10", "2025-02-11", "2025-02-12"):
                corrected = list(row)
                corrected[10] = round(row[10] * 0.93)
                corrected[12] = round(row[12] * 0.91)
                self.restated.append((row, corrected))
                self.spend[position] = corrected

    def cost_in_force(self, row: list) -> int:
        """Return the cost of a row in minor units: cash paid, else list price less rebate."""
        return row[12] if row[12] is not None else row[10] - (row[13] or 0)


def _other_costs(dice: Dice) -> list[dict]:
    """Return the cost lines outside the platforms (see ``marketing_costs_other``)."""
    costs: list[dict] = []

    def add(first: date, last: date, channel: str | None, leaf: str, kind: str, cents: int,
            currency: str = "CNY", **link: str) -> None:  # fmt: skip
        costs.append(
            {
                "cost_id": f"C{len(costs) + 1:05d}", "first": first, "last": last,
                "channel": channel, "leaf": leaf, "cost_type": kind, "amount": cents,
                "currency": currency, "paid_at": clock.at(last, 15, dice.between(0, 59)), **link,
            }
        )  # fmt: skip

    months = clock.month_starts()
    for first in months:
        last = (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        add(first, last, "SEO", "organic_search", "agency", 100 * dice.between(9000, 12000))
        add(first, last, "内容下载", "content", "content", 100 * dice.between(12000, 26000) + 50)
        add(first, last, "线上直播", "webinar", "event", 100 * dice.between(4000, 9000))
        add(first, last, "EDM", "email", "tool", dice.between(90000, 130000), "USD")
        add(first, last, "公众号", "wechat_social", "content", 100 * dice.between(5000, 9000))
        add(first, last, "企业微信", "wecom", "tool", 100 * dice.between(2000, 3000) + 99)
        add(first, last, "400电话", "phone", "tool", 100 * dice.between(900, 1500) + 10)
        if first.month % 3 == 0:
            add(first, last, "客户转介绍", "referral", "gift", 100 * dice.between(3000, 9000))
            add(first, last, "渠道伙伴", "partner", "agency", 100 * dice.between(8000, 20000))
        if first.month % 6 == 1:
            add(first, last, None, "unknown", "tool", 100 * dice.between(2000, 4000))
            add(first, last, "抖音挑战赛", "unknown", "agency", 100 * dice.between(3000, 5000))
    # A retainer over a quarter and a licence over a year: one line, several months.
    add(date(2025, 1, 1), date(2025, 3, 31), "SEM", "paid_search", "agency", 4_800_000)
    add(date(2025, 7, 1), date(2026, 6, 30), "销售自拓", "outbound", "tool", 1_199_900, "USD")
    return costs


def campaign_versions() -> list[list]:
    """Return the rows of ad_campaigns: one per campaign and name."""
    channel_type = {"paid_search": "search", "paid_social": "feed", "display": "display"}
    rows = []
    for campaign_id, platform, name, _ in _CAMPAIGNS:
        base = [channel_type[CHANNEL_OF_PLATFORM[platform]], "2024-07-01", None, "lead", "active"]
        rows.append([campaign_id, name, *base, clock.START])
        if campaign_id in RENAMES:
            day, new_name = RENAMES[campaign_id]
            rows.append([campaign_id, new_name, *base, clock.at(day)])
    return rows
