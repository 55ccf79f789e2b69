"""The people of 星河软件 who work the leads."""

from __future__ import annotations

from tests.simulator import clock
from tests.simulator.effects import SDR_LOGIT
from tests.simulator.state import StateTable

MARKETING = "U001"
RULE_USER = "U000"  # the automation
SDRS = tuple(f"U{100 + n}" for n in range(len(SDR_LOGIT)))
AES = tuple(f"U{200 + n}" for n in range(12))
PRESALES = tuple(f"U{300 + n}" for n in range(3))
TEAM = {"SDR": "T-SDR", "AE-N": "T-SALES-N", "AE-S": "T-SALES-S"}

_SDR_NAMES = ("丁一凡", "沈思琪", "魏子轩", "蒋雨晨", "金佳怡", "陆浩然", "叶欣", "范青云")
_AE_NAMES = (
    "石磊", "邱海波", "方志强", "贺文静", "白宇", "江鹏飞", "崔红梅", "常凯", "孟琳", "秦峰",
    "尹慧", "段志远",
)  # fmt: skip


#: One SDR leaves in the course of the second year.
LEAVER, LEAVES_AT = SDRS[3], clock.at(clock.day_of(560))


def sdrs_at(instant: int) -> tuple[str, ...]:
    """Return the SDRs on duty."""
    if instant < LEAVES_AT:
        return SDRS
    return tuple(user for user in SDRS if user != LEAVER)


def team_of(user: str) -> str:
    """Return the team id of a user."""
    if user in SDRS:
        return TEAM["SDR"]
    if user in AES:
        return TEAM["AE-N"] if AES.index(user) < 6 else TEAM["AE-S"]
    return "T-MKT"


def users_table(columns: tuple[str, ...]) -> StateTable:
    """Return crm_users with one reorganisation and one departure."""
    table = StateTable(columns)

    def add(user: str, name: str, role: str, manager: str, cost: int, capacity: int | None) -> None:
        table.put(
            user, clock.START, user_id=user, name=name,
            email=f"{user.lower()}@xinghesoft.com", role=role, team_id=team_of(user),
            manager_id=manager, active_from=clock.START, active_to=None,
            daily_capacity=capacity, timezone="Asia/Shanghai", hourly_cost=cost,
        )  # fmt: skip

    add(RULE_USER, "自动化", "mops", "", 0, None)
    add(MARKETING, "市场运营", "mops", "", 12000, None)
    for user, name in zip(SDRS, _SDR_NAMES, strict=True):
        add(user, name, "SDR", MARKETING, 9000, 45)
    for user, name in zip(AES, _AE_NAMES, strict=True):
        add(user, name, "AE", AES[0] if user in AES[:6] else AES[6], 16000, 12)
    for user, name in zip(PRESALES, ("黎明", "顾健", "毛俊"), strict=True):
        add(user, name, "presales", AES[0], 18000, None)
    reorganised = clock.at(clock.day_of(365))
    table.put(AES[5], reorganised, team_id=TEAM["AE-S"], manager_id=AES[6])
    table.put(LEAVER, LEAVES_AT, active_to=LEAVES_AT)
    return table
