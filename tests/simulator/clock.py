"""Time in the simulated company: epoch seconds UTC inside, Asia/Shanghai (+08:00) outside.

China has had no daylight saving time since 1991, so local time is UTC plus eight hours.
"""

from __future__ import annotations

from datetime import date, timedelta

MINUTE, HOUR, DAY = 60, 3600, 86400
_OFFSET = 8 * HOUR
_EPOCH = date(1970, 1, 1)

FIRST_DAY = date(2024, 7, 1)
DAYS = 730


def at(day: date, hour: int = 0, minute: int = 0, second: int = 0) -> int:
    """Return the instant of a local date and time."""
    return (day - _EPOCH).days * DAY - _OFFSET + hour * HOUR + minute * MINUTE + second


START = at(FIRST_DAY)
END = START + DAYS * DAY
#: Until this instant the old CRM kept minutes only, and its exports write them without seconds.
LEGACY_CRM_END = at(date(2024, 10, 1))
#: Until this instant the old form tool kept minutes only.
LEGACY_FORMS_END = at(date(2024, 12, 1))

HOLIDAYS = (
    ("2024-09-15", 3), ("2024-10-01", 7), ("2025-01-01", 1), ("2025-01-28", 8), ("2025-04-04", 3),
    ("2025-05-01", 5), ("2025-05-31", 3), ("2025-10-01", 8), ("2026-01-01", 3), ("2026-02-15", 9),
    ("2026-04-04", 3), ("2026-05-01", 5), ("2026-06-19", 3),
)  # fmt: skip
MAKE_UP_WORKDAYS = (
    "2024-09-14", "2024-09-29", "2024-10-12", "2025-01-26", "2025-02-08", "2025-04-27",
    "2025-09-28", "2025-10-11", "2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09",
)  # fmt: skip


def day_of(index: int) -> date:
    """Return the local date of a day index (0 = the first simulated day)."""
    return FIRST_DAY + timedelta(days=index)


def day_index(instant: int) -> int:
    """Return the day index of an instant, by the local date."""
    return (instant - START) // DAY


def month_starts() -> list[date]:
    """Return the first local day of each of the 24 simulated months."""
    first = FIRST_DAY.year * 12 + FIRST_DAY.month - 1
    return [date(m // 12, m % 12 + 1, 1) for m in range(first, first + 24)]


def month_label(instant: int) -> str:
    """Return the local month of an instant as ``YYYY-MM`` (also outside the window)."""
    day = _EPOCH + timedelta(seconds=instant + _OFFSET)
    return f"{day.year:04d}-{day.month:02d}"


def local_date(instant: int) -> str:
    """Return the local date of an instant as ``YYYY-MM-DD``."""
    return (_EPOCH + timedelta(days=(instant + _OFFSET) // DAY)).isoformat()


def _holiday_days() -> set[date]:
    days = set()
    for first, length in HOLIDAYS:
        days.update(date.fromisoformat(first) + timedelta(days=i) for i in range(length))
    return days


_HOLIDAY_DAYS = _holiday_days()
_MAKE_UP = {date.fromisoformat(day) for day in MAKE_UP_WORKDAYS}


def is_workday(day: date) -> bool:
    """Return whether people work on this day in China (weekends, holidays, make-up workdays)."""
    return day in _MAKE_UP or (day.weekday() < 5 and day not in _HOLIDAY_DAYS)


def is_holiday(day: date) -> bool:
    """Return whether the day is a public holiday."""
    return day in _HOLIDAY_DAYS


WORKDAYS = [is_workday(day_of(i)) for i in range(DAYS + 30)]


def next_working_time(instant: int) -> int:
    """Return the instant itself if it falls into 09:00-18:30 of a workday, else the next 09:00."""
    index, second = divmod(instant - START, DAY)
    if 0 <= index < len(WORKDAYS) and WORKDAYS[index] and 9 * HOUR <= second < 18.5 * HOUR:
        return instant
    if second >= 9 * HOUR:
        index += 1
    while index < len(WORKDAYS) and (index < 0 or not WORKDAYS[index]):
        index += 1
    return START + index * DAY + 9 * HOUR + instant % 600


def crm_time(instant: int | float) -> int:
    """Return the instant as the CRM of the day keeps it: whole minutes before the migration."""
    instant = int(instant)
    return instant - instant % MINUTE if instant < LEGACY_CRM_END else instant


def form_time(instant: int | float) -> int:
    """Return the instant as the form tool of the day keeps it: whole minutes at first."""
    instant = int(instant)
    return instant - instant % MINUTE if instant < LEGACY_FORMS_END else instant


def iso_utc(instant: int) -> str:
    """Return an instant as ``YYYY-MM-DDTHH:MM:SSZ``."""
    day, second = divmod(int(instant), DAY)
    when = _EPOCH + timedelta(days=day)
    return f"{when.isoformat()}T{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}Z"


def day_weights() -> list[float]:
    """Return the relative number of enquiries per day: growth, season, weekends, holidays."""
    season = (0.92, 0.72, 1.08, 1.0, 1.12, 1.05, 1.0, 1.05, 1.2, 1.05, 1.02, 0.98)
    weights = []
    for index in range(DAYS):
        day = day_of(index)
        weight = season[day.month - 1] * (1.0 + 0.5 * index / DAYS)
        if is_holiday(day):
            weight *= 0.12
        elif not is_workday(day):
            weight *= 0.3
        weights.append(weight)
    return weights


#: Relative number of enquiries in each hour of the day.
HOUR_WEIGHTS = (
    1, 0.5, 0.3, 0.2, 0.2, 0.4, 1, 2, 5, 10, 12, 10, 6, 8, 11, 12, 10, 8, 5, 4, 4, 4, 3, 2,
)  # fmt: skip
