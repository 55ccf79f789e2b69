"""A preview in words and tables, for whoever decides whether the rules are applied.

Belongs here: layout and words. Does not belong here: the numbers (preview_measures.py).
"""

from collections.abc import Sequence
from typing import Any

from dagster_project.lib.identity.phrases import Words
from dagster_project.lib.identity.sentences import short
from dagster_project.lib.report import table


def told(result: dict[str, Any], words: Words) -> str:
    """The whole preview; result: see preview.preview."""
    parts = [
        _title(result, words),
        _entities(result["entities"], words),
        _mql(result, words),
        _cash(result["cash"], words),
        _permissions(result["permissions"], words),
        _handovers(result["handovers"], words),
        _scores(result["scores"], words),
        _grown(result["entities"], words),
    ]
    if result["review_items"]:
        items = result["review_items"]
        change = _change(items["before"], items["after"])
        parts.append(words.pick(f"Items to review: {change}", f"待核查事项：{change}"))
    return "\n\n".join(parts)


def _title(result: dict[str, Any], words: Words) -> str:
    files = ", ".join(result["files"])
    lines = [
        words.pick(
            f"Preview of {files} on data as of {result['as_of']} UTC. Nothing has been applied.",
            f"规则预演：{files}；数据截至{result['as_of']}（UTC）。尚未应用任何更改。",
        ),
        words.pick(
            {
                "warehouse": "Before = the warehouse as published.",
                "scratch": "Before = the present rules, built anew from the same landing.",
            }[result["baseline"]],
            {
                "warehouse": "变更前 = 已发布的数据仓库。",
                "scratch": "变更前 = 现行规则在同一批落地数据上重新构建。",
            }[result["baseline"]],
        ),
    ]
    if moved := result["decisions_moved"]:
        lines.append(
            words.pick(
                f"{moved} decision(s), dated after the newest extract, were tried as of it.",
                f"{moved}项决定晚于最新数据，按最新数据时点试算。",
            )
        )
    if waiting := result["rows_waiting"]:
        lines.append(
            words.pick(
                f"{waiting} row(s) come in force after the newest extract and change nothing here:"
                " date them as of it, or of the first day, to see what they would do.",
                f"{waiting}行规则在最新数据之后才生效，本次预演中不起作用；"
                "请将生效日改为最新数据日或最初日再试算。",
            )
        )
    return "\n".join(lines)


def _entities(entities: dict[str, Any], words: Words) -> str:
    names = {"person": words.pick("persons", "人员"), "account": words.pick("accounts", "客户")}
    rows = [
        [
            names[entity], _n(e["before"]), _n(e["after"]), _signed(e["after"] - e["before"]),
            _n(e["merged"]), _n(e["split"]), _n(e["ids_gone"]), _n(e["ids_new"]),
            _n(e["records_with_another_id"]),
        ]
        for entity, e in entities.items()
    ]  # fmt: skip
    header = ["", *words.pick(
        "before|after|Δ|merged away|split off|ids gone|new ids|records with another id",
        "变更前|变更后|Δ|被合并|被拆出|消失编号|新增编号|编号改变的记录",
    ).split("|")]  # fmt: skip
    return _section(words.pick("Persons and accounts", "人员与客户"), header, rows, 1)


def _mql(result: dict[str, Any], words: Words) -> str:
    title = words.pick(
        "MQLs by month (net leads, and persons behind them)", "MQL按月（净线索与人员）"
    )
    rows = [_mql_row(row["month"], row) for row in result["mql"] if _mql_moved(row)]
    rows.append(_mql_row(words.pick("all months", "合计"), result["mql_total"]))
    header = words.pick("month|leads before|after|Δ|persons before|after|Δ",
                        "月份|线索变更前|变更后|Δ|人员变更前|变更后|Δ").split("|")  # fmt: skip
    return _section(title, header, rows, 1)


def _mql_moved(row: dict[str, Any]) -> bool:
    same_leads = row["leads_before"] == row["leads_after"]
    return not (same_leads and row["persons_before"] == row["persons_after"])


def _mql_row(label: str, row: dict[str, Any]) -> list[str]:
    cells = [label]
    for unit in ("leads", "persons"):
        before, after = row[f"{unit}_before"], row[f"{unit}_after"]
        cells += [_n(before), _n(after), _signed(after - before)]
    return cells


def _cash(cells: Sequence[dict[str, Any]], words: Words) -> str:
    title = words.pick("Attributed cash by model and channel", "归因回款（按模型与渠道）")
    rows = []
    for model in sorted({cell["model"] for cell in cells}):
        mine = [cell for cell in cells if cell["model"] == model]
        rows += [
            _cash_row(words.channel(cell["channel"], cell["label_en"], cell["label_zh"]), cell)
            for cell in mine
            if cell["before_minor"] != cell["after_minor"]
        ]
        total = {side: sum(cell[side] for cell in mine) for side in ("before_minor", "after_minor")}
        rows.append(_cash_row(words.pick("sum", "合计"), {**total, "model": model}))
    header = words.pick("model|channel|before|after|Δ", "模型|渠道|变更前|变更后|Δ").split("|")
    return _section(title, header, rows, 2)


def _cash_row(label: str, cell: dict[str, Any]) -> list[str]:
    before, after = cell["before_minor"], cell["after_minor"]
    return [
        cell["model"],
        label,
        _money(before),
        _money(after),
        _money(after - before, signed=True),
    ]


def _permissions(permissions: dict[str, Any], words: Words) -> str:
    lost, won = permissions["allow_to_deny"], permissions["deny_to_allow"]
    title = words.pick(
        f"Permissions (person x channel x purpose): {lost} lost, {won} won",
        f"许可（人员×渠道×用途）：失去{lost}项，获得{won}项",
    )
    rows = [
        [row["channel"], row["purpose"], row["before"], row["after"], _n(row["n"])]
        for row in permissions["changes"]
    ]
    header = words.pick(
        "channel|purpose|before|after|number", "渠道|用途|变更前|变更后|数量"
    ).split("|")
    return _section(title, header, rows, 4) if rows else title


def _handovers(handovers: dict[str, Any], words: Words) -> str:
    title = words.pick("Open hand-overs", "未决交接")
    if handovers["status"] == "not_computable":
        return (
            title
            + words.pick(": not computable, ", "：无法计算，缺少")
            + words.pick(
                f"the extract {handovers['missing_extract']} is missing",
                handovers["missing_extract"],
            )
        )
    labels = words.pick("hand-overs|leads|persons|net leads", "交接|线索|人员|净线索").split("|")
    rows = [
        [label, _n(handovers["before"][name]), _n(handovers["after"][name]),
         _signed(handovers["after"][name] - handovers["before"][name])]
        for label, name in zip(labels, ("handovers", "leads", "persons", "net_leads"), strict=True)
    ]  # fmt: skip
    header = ["", *words.pick("before|after|Δ", "变更前|变更后|Δ").split("|")]
    return _section(title, header, rows, 1)


def _scores(scores: dict[str, Any], words: Words) -> str:
    labels = words.pick(
        "above the threshold under both|before only|after only|under neither",
        "新旧规则均高于阈值|仅变更前|仅变更后|均不高于",
    ).split("|")
    keys = ("above_both", "above_before_only", "above_after_only", "above_neither")
    title = words.pick("Net leads above the threshold in force", "高于现行阈值的净线索")
    rows = [[label, _n(scores[key])] for label, key in zip(labels, keys, strict=True)]
    section = _section(title, ["", words.pick("leads", "线索")], rows, 1)
    share, low, high = scores["lost_share"]
    lost = _n(scores["outcomes_lost"])
    if share is not None:
        lost += f" ({share:.1%}, 95 %: {low:.1%} – {high:.1%})"
    loads = [scores[side]["leads_per_workday"] or 0.0 for side in ("present", "proposed")]
    capacity = scores["proposed"]["capacity_per_workday"]
    told_capacity = "–" if capacity is None else f"{capacity:.0f}"
    kept, gained = _n(scores["outcomes_kept"]), _n(scores["outcomes_gained"])
    uncalled = _n(scores["never_called"])
    lines = words.pick(
        f"leads per workday {loads[0]:.2f} → {loads[1]:.2f}, capacity {told_capacity}\n"
        f"outcomes kept {kept}, lost {lost}, reached for another reason {gained}\n"
        f"never called: {uncalled} leads above the new threshold; what they would have done is"
        " not in the data",
        f"每工作日线索 {loads[0]:.2f} → {loads[1]:.2f}，产能 {told_capacity}\n"
        f"保留转化 {kept}，失去 {lost}，因其他原因转化 {gained}\n"
        f"从未联系：新阈值以上 {uncalled} 条线索，它们能否转化，数据中没有答案",
    ).split("\n")
    return "\n".join([section, *(f"  {line}" for line in lines)])


def _grown(entities: dict[str, Any], words: Words) -> str:
    title = words.pick("What grew most (records)", "增长最多者（记录数）")
    names = {"person": words.pick("person", "人员"), "account": words.pick("account", "客户")}
    rows = [
        [names[entity], short(row["key"]), " + ".join(map(str, row["before"])) or "0",
         _n(row["after"])]
        for entity in entities
        for row in entities[entity]["grown"]
    ]  # fmt: skip
    if not rows:
        return title + words.pick(": nothing", "：无")
    header = words.pick("what|key|before|after", "类型|编号|变更前|变更后").split("|")
    return _section(title, header, rows, 3)


def _section(title: str, header: Sequence[str], rows: list[list[str]], text_columns: int) -> str:
    lines = table(header, rows, text_columns).split("\n")
    return "\n".join([title, *(f"  {line}" for line in lines)])


def _n(number: int) -> str:
    return f"{number:,}"


def _signed(number: int) -> str:
    return f"{number:+,}" if number else "0"


def _change(before: int, after: int) -> str:
    return f"{_n(before)} → {_n(after)} ({_signed(after - before)})"


def _money(minor: int, signed: bool = False) -> str:
    """Minor units to the cent."""
    sign = "-" if minor < 0 else "+" if signed and minor else ""
    return f"{sign}{abs(minor) // 100:,}.{abs(minor) % 100:02d}"
