"""Which rows arrive in which file, when, and how badly written: the noise of real exports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from tests.simulator import media
from tests.simulator.dice import Dice
from tests.simulator.planted import Planted
from tests.simulator.schema import TABLES
from tests.simulator.tables import Batches, Tables, extract_date
from tests.simulator.world import World
from tests.simulator.writers import Parcel, Style

#: Large event tables are delivered compressed.
_COMPRESSED = frozenset(
    {
        "crm_leads", "crm_lead_history", "crm_activities", "web_events", "web_form_submissions",
        "ad_spend_daily", "consent_events", "crm_owner_history",
    }
)  # fmt: skip
#: Exports of the old CRM, until its migration, know minutes only.
_OLD_CRM = frozenset(
    {"crm_leads", "crm_lead_history", "crm_activities", "crm_opportunities",
     "crm_opportunity_history", "crm_owner_history"}
)  # fmt: skip
_OLD_CRM_LAST = "2024-10-01"
_OLD_FORMS_LAST = "2024-12-01"
_GB18030 = {
    "call_center_calls": "2025-04-01",
    "crm_accounts": "2024-10-01",
    "crm_followups": "2025-01-01",
}
_LATE_SHARE = {"web_events": 0.01, "crm_activities": 0.01, "crm_lead_history": 0.004}


def _style(table: str, day: str) -> Style:
    """Return how a table's file of a day is written."""
    style = Style(suffix="csv.gz" if table in _COMPRESSED else "csv")
    if (table in _OLD_CRM and day <= _OLD_CRM_LAST) or (
        table == "web_form_submissions" and day <= _OLD_FORMS_LAST
    ):
        style = replace(style, times="slash")
    elif table == "web_form_submissions" and day <= "2025-03-01":
        style = replace(style, suffix="tsv", delimiter="\t")
    elif table == "call_center_calls":
        style = replace(style, times="slash")
    elif table == "web_events":
        style = replace(style, times="utc" if day > "2025-07-01" else "local")
    elif table in ("crm_leads", "crm_lead_history") and day >= "2026-01-01":
        style = replace(style, times="offset")
    elif table == "message_events":
        style = replace(style, suffix="jsonl.gz", times="utc")
    elif table == "wecom_external_contacts":
        style = replace(style, suffix="jsonl", times="offset")
    elif table == "message_sends":
        style = replace(style, suffix="parquet")
    elif table == "crm_opportunities":
        style = replace(style, delimiter=";")
    elif table == "marketing_costs_other":
        style = replace(style, suffix="txt", delimiter=";")
    elif table in ("crm_contacts", "contracts"):
        style = replace(style, bom=True)
    if day <= _GB18030.get(table, ""):
        style = replace(style, encoding="gb18030")
    return style


class Delivery:
    """Turns tables into files; call :meth:`parcels` once."""

    def __init__(self, world: World, seed: int, parquet: bool = False) -> None:
        self.tables = Tables(world, seed)
        self.planted = world.planted
        self.dice = Dice(seed, "delivery")
        self.parquet = parquet

    def parcels(self) -> Iterator[Parcel]:
        """Yield every file, table by table, in order of extract date."""
        for table, ends, batches in self.tables.all():
            columns = TABLES[table] + (("_is_deleted",) if table == "crm_leads" else ())
            batches = self._late(table, ends, batches)
            batches = self._repeated(table, batches)
            parcels = [
                Parcel(table, extract_date(ends[period]), columns, batches[period])
                for period in sorted(batches)
            ]
            for parcel in parcels:
                parcel.style = _style(table, parcel.extract_date)
                if self.parquet:
                    parcel.style = Style(suffix="parquet")
            yield from parcels if self.parquet else self._noisy(table, parcels)

    # -- when rows arrive ---------------------------------------------------------------------

    def _late(self, table: str, ends: Sequence[int], batches: Batches) -> Batches:
        """Let a small share of a month's events arrive two months later."""
        share = _LATE_SHARE.get(table)
        if share is None:
            return batches
        arriving: Batches = {period: [] for period in batches}
        for period in sorted(batches):
            for row in batches[period]:
                late = period + 2 < len(ends) and self.dice.chance(share)
                arriving.setdefault(period + 2 if late else period, []).append(row)
                if late and table != "web_events":
                    self.planted.note(f"late_{table}", id=row[0])
        if table == "web_events":
            self.planted.note("late_web_events", share=share)
        return {period: rows for period, rows in arriving.items() if rows}

    def _repeated(self, table: str, batches: Batches) -> Batches:
        """Let some rows of one delivery come again in the next one, unchanged."""
        share = {"web_events": 0.01, "crm_activities": 0.02, "payments": 0.2}.get(table)
        if share is None:
            return batches
        again: Batches = {}
        periods = sorted(batches)
        for period, following in pairwise(periods):
            copies = [row for row in batches[period] if self.dice.chance(share)]
            again[following] = copies
            self.planted.note("repeated_rows", table=table, rows=len(copies))
        return {period: [*batches[period], *again.get(period, [])] for period in periods}

    # -- how files go wrong -------------------------------------------------------------------

    def _noisy(self, table: str, parcels: list[Parcel]) -> Iterable[Parcel]:
        handler = getattr(self, f"_noise_{table}", None)
        return handler(parcels) if handler else parcels

    def _note_file(self, kind: str, parcel: Parcel, **facts: object) -> None:
        self.planted.note(kind, file=parcel.path, **facts)

    @staticmethod
    def _break(parcel: Parcel, after: int, text: str, reason: str) -> None:
        """Put a bad line into a file; its physical line number is known once it is written."""
        parcel.broken.append((after, text, reason))

    def _noise_crm_leads(self, parcels: list[Parcel]) -> list[Parcel]:
        # The same lead comes again, readable, in this file already: the bad rows are redundant.
        victim = parcels[4].rows[3]
        cells = ["" for _ in parcels[4].columns]
        cells[0], cells[1], cells[3] = victim[0], "不详", "新线索"
        self._break(parcels[4], 5, ",".join(cells), "created_at unreadable")
        self._break(parcels[6], 9, f"{parcels[6].rows[0][0]},2024", "too few fields")
        return parcels

    def _noise_crm_activities(self, parcels: list[Parcel]) -> list[Parcel]:
        self._break(parcels[3], 20, "ACT-BROKEN,call,outbound", "too few fields")
        # One export has its columns in another order.
        order = [*range(5, len(parcels[8].columns)), *range(5)]
        parcels[8].columns = tuple(parcels[8].columns[i] for i in order)
        parcels[8].rows = [[row[i] for i in order] for row in parcels[8].rows]
        self._note_file("reordered_columns", parcels[8])
        return parcels

    def _noise_web_events(self, parcels: list[Parcel]) -> list[Parcel]:
        cells = ["" for _ in parcels[7].columns]
        cells[:4] = "EV-BROKEN", "page_view", "2025-02-30 10:00:00", "2025-02-28 10:00:00"
        cells[6] = "s-broken"
        self._break(parcels[7], 11, ",".join(cells), "no visitor, impossible date")
        return parcels

    def _noise_call_center_calls(self, parcels: list[Parcel]) -> list[Parcel]:
        text = "CALL-BROKEN,4008001234,inbound,,,,,,,,,,,,,多出来的一列,再一列"
        self._break(parcels[1], 6, text, "too many fields, no start")
        return parcels

    def _noise_web_form_submissions(self, parcels: list[Parcel]) -> list[Parcel]:
        extra = parcels[10]
        extra.columns = (*extra.columns, "wechat_nickname")
        extra.rows = [[*row, "微信用户" if n % 7 == 0 else ""] for n, row in enumerate(extra.rows)]
        self._note_file("undeclared_column", extra, column="wechat_nickname")
        again = replace(parcels[8], extract_date=parcels[10].extract_date, stem="part-000-resent")
        self._note_file("same_file_again", again, first=parcels[8].path)
        broken = ["" for _ in extra.columns]
        broken[0], broken[1], broken[2], broken[3] = "F-BROKEN", "form-x", "contact_sales", "昨天"
        self._break(extra, 4, ",".join(broken), "submitted_at unreadable")
        return [*parcels, again]

    def _noise_ad_spend_daily(self, parcels: list[Parcel]) -> list[Parcel]:
        # The row comes first with an unreadable cost and then, in a second file, as it should be.
        parcel = parcels[5]
        row = list(parcel.rows[-1])
        parcel.rows = parcel.rows[:-1]
        text = [str(cell) if cell is not None else "" for cell in row]
        text[10] = "N/A"
        text[12] = text[13] = ""
        self._break(parcel, len(parcel.rows), ",".join(text), "cost unreadable, sent again")
        fixed = replace(parcel, rows=[row], stem="part-001-fixed", broken=[], broken_lines=[])
        self._note_file("sent_again_corrected", fixed)
        return [*parcels, fixed]

    def _noise_crm_followups(self, parcels: list[Parcel]) -> list[Parcel]:
        first = parcels[0]
        keep = [i for i, name in enumerate(first.columns) if name != "commercial"]
        first.columns = tuple(first.columns[i] for i in keep)
        first.rows = [[row[i] for i in keep] for row in first.rows]
        self._note_file("missing_optional_column", first, column="commercial")
        return parcels


def note_files(planted: Planted, parcels: Iterable[Parcel]) -> None:
    """Add what is special about each written file to the manifest."""
    for parcel in parcels:
        for line, (_, _, reason) in zip(parcel.broken_lines, parcel.broken, strict=True):
            planted.note("bad_row", file=parcel.path, line=line, reason=reason)
        style = parcel.style
        if style.encoding != "utf-8":
            planted.note("encoding", file=parcel.path, encoding=style.encoding)
        if style.bom:
            planted.note("byte_order_mark", file=parcel.path)
        if style.delimiter != ",":
            planted.note("delimiter", file=parcel.path, delimiter=style.delimiter)
        if style.suffix.startswith(("jsonl", "parquet")):
            planted.note("format", file=parcel.path, format=style.suffix)


def note_media(planted: Planted) -> None:
    """Add what is special about the advertising accounts to the manifest."""
    for campaign_id, (day, name) in media.RENAMES.items():
        planted.note("renamed_campaign", campaign_id=campaign_id, day=day.isoformat(), name=name)
    planted.note("spend_without_leads", platform="display_network", channel="display")
    planted.note("keyword_without_leads", keyword=media.BARREN_KEYWORD)
