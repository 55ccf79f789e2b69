"""Rows of web_form_submissions and web_events, in the columns of the contract."""

from __future__ import annotations

from tests.simulator import media, web

_CLICK_COLUMNS = (
    "gclid", "gbraid", "wbraid", "msclkid", "bd_vid", "qz_gdt", "clickid", "li_fat_id",
)  # fmt: skip
_NO_LANDING = [""] * (5 + len(_CLICK_COLUMNS))


def form_rows(website: web.Website) -> list[tuple[int, list]]:
    """Return (submitted_at, row) of every form, in order of time."""
    rows = []
    for form in website.forms:
        session = form.session
        rows.append(
            (form.submitted_at, [
                form.submission_id, f"form-{form.kind}", form.kind, form.submitted_at,
                form.submitted_at + 2, session.visitor.anonymous_id if session else "",
                session.session_id if session else "", f"{web.SITE}/form/{form.kind}", "",
                *(_landing_cells(session) if session else _NO_LANDING), form.email, form.phone,
                form.name, form.company, form.title, form.employees, form.country, "",
                form.consent, "checked" if form.country != "CN" else "unchecked", "pp-2024-01",
                form.asset, "", form.country,
            ])
        )  # fmt: skip
    return rows


def event_rows(website: web.Website, low: int, high: int) -> list[list]:
    """Return the rows of the events with these numbers (``high`` excluded)."""
    events, sessions = website.events, website.sessions
    arrays = (
        events.session, events.at, events.name, events.first, events.case, events.path, events.lag,
    )  # fmt: skip
    columns = (array[low:high].tolist() for array in arrays)
    rows = []
    for number, (session_no, at, name, first, case, path_no, lag) in enumerate(
        zip(*columns, strict=True), start=low + 1
    ):
        session = sessions[session_no]
        visitor = session.visitor
        path, asset = web.PATHS[path_no], ""
        if web.EVENT_NAMES[name] == "pricing_view":
            path = "/pricing"
        elif web.EVENT_NAMES[name] == "case_download":
            asset = web.CASE_ASSETS[case]
            path = f"/case/{asset}"
        url = _landing_url(path, session) if first else web.SITE + path
        referrer = web.REFERRERS.get(session.channel, "") if first else ""
        rows.append(
            [f"we{number:08d}", web.EVENT_NAMES[name], at, at + lag, visitor.anonymous_id, "",
             session.session_id, url, path, referrer,
             *(_landing_cells(session) if first else _NO_LANDING), visitor.agent, visitor.ip_hash,
             "CN", asset, session.is_bot]
        )  # fmt: skip
    return rows


def _landing_cells(session: web.Session) -> list[str]:
    """Return the five utm and eight click id columns of a visit's landing page."""
    cells = [*session.utm, *[""] * len(_CLICK_COLUMNS)]
    if session.line and session.click_id and not session.click_in_url:
        column = media.CLICK_ID_OF_PLATFORM[session.line.platform]
        cells[5 + _CLICK_COLUMNS.index(column)] = session.click_id
    return cells


def _landing_url(path: str, session: web.Session) -> str:
    source, medium, campaign, term, _ = session.utm
    if not medium:
        return web.SITE + path
    query = f"utm_source={source}&utm_medium={medium}"
    if campaign:
        query += f"&utm_campaign={campaign}"
    if term:
        query += f"&utm_term={term}"
    if session.click_id and session.line:
        name = f"&{media.CLICK_ID_OF_PLATFORM[session.line.platform]}"
        query += f"{session.click_in_url or name}={session.click_id}"
    return f"{web.SITE}{path}?{query}"
