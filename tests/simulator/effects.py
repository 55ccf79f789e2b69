"""The planted effects: what truly drives conversion in this world. All logits are natural logs."""

from __future__ import annotations

import math

#: Log-odds on MQL -> SQL of the channel that brought the lead.
CHANNEL_LOGIT = {
    "paid_search": 0.10,
    "organic_search": 0.30,
    "paid_social": -0.70,
    "content": -0.20,
    "webinar": 0.15,
    "offline_event": 0.35,
    "email": -0.25,
    "wechat_social": -0.15,
    "wecom": 0.30,
    "phone": 0.60,
    "referral": 1.00,
    "partner": 0.60,
    "outbound": -0.50,
    "direct": 0.35,
    "other": -0.30,
    "unknown": -0.20,
}
#: Log-odds on MQL -> SQL per unit of what the score counts, at the instant of the MQL.
SCORE_LOGIT = {
    "pricing_page_visit": 0.40,
    "case_download": 0.18,
    "repeat_visit": 0.06,
    "decision_maker": 0.55,
    "industry_match": 0.30,
    "size_ok": 0.25,
}
INTERCEPT = -1.05
#: Log-odds on MQL -> SQL when the response time doubles (first human attempt after the MQL).
RESPONSE_DOUBLING_LOGIT = -0.16
RESPONSE_REFERENCE_HOURS = 8.0
#: Log-odds per standard deviation of the intent nobody can see.
INTENT_LOGIT = 0.45
#: True skill of each SDR on the same scale, in the order of their user ids.
SDR_LOGIT = (0.25, 0.0, 0.1, -0.35, 0.0, -0.1, 0.15, 0.0)

SQL_TO_OPPORTUNITY = 0.8
WIN_BASE_LOGIT = -0.45
WIN_INTENT_LOGIT = 0.35


def logistic(x: float) -> float:
    """Return 1 / (1 + exp(-x))."""
    return 1.0 / (1.0 + math.exp(-x))


def sql_logit(
    channel: str, counts: dict[str, int], intent: float, sdr: int, response_hours: float
) -> float:
    """Return the log-odds that an MQL becomes an SQL.

    ``counts`` holds how often each score item had counted at the MQL (see :data:`SCORE_LOGIT`).
    """
    return (
        INTERCEPT
        + CHANNEL_LOGIT[channel]
        + sum(weight * counts.get(item, 0) for item, weight in SCORE_LOGIT.items())
        + INTENT_LOGIT * intent
        + SDR_LOGIT[sdr % len(SDR_LOGIT)]
        + RESPONSE_DOUBLING_LOGIT * math.log2(max(response_hours, 0.02) / RESPONSE_REFERENCE_HOURS)
    )
