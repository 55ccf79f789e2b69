"""Attribution against arithmetic not ours: fractions, brute force, linear algebra, open data."""

import random
from collections import defaultdict
from datetime import datetime, timedelta

import pytest

from tests.pipeline.attribution_oracle import Touch, parts_of, weights_of
from tests.pipeline.model_bench import ModelBench
from tests.pipeline.warehouse import Warehouse

TOUCH_MODELS = (
    "first_touch", "last_touch", "last_non_direct", "linear", "time_decay", "u_shape", "w_shape",
    "full_path",
)  # fmt: skip
CHANNELS = ("direct", "direct", "paid_search", "email", "webinar", "referral")
START = datetime(2026, 1, 5)
N_FUZZED = 800
WINDOW = (
    "journey_key varchar, conversion_key varchar, outcome varchar, lead_created_at timestamp,"
    " opportunity_created_at timestamp, ended_at timestamp, lookback_from timestamp,"
    " previous_conversion_at timestamp"
)
TOUCH = "journey_key varchar, touchpoint_key varchar, channel varchar, touched_at timestamp"
CONVERSION = "conversion_key varchar, cash_minor bigint"


@pytest.fixture(scope="module")
def bench(demonstration: Warehouse) -> ModelBench:
    """The attribution models, to be given journeys of a test's own."""
    bench = ModelBench(demonstration)
    bench.put("int_time__as_of", "as_of timestamp", [(datetime(2027, 1, 1),)])
    bench.put_rules("attribution_model", "channel", "measure_policy")
    return bench


def test_every_model_gives_what_a_loop_gives_to_the_cent(bench: ModelBench) -> None:
    """D12: random journeys with ties, refunds, coinciding milestones, none before a milestone."""
    dice = random.Random(11)
    expected, windows, touch_rows, conversions = {}, [], [], []
    for number in range(N_FUZZED):
        key = f"c{number}"
        touches = [
            Touch(
                START + timedelta(hours=dice.choice((0, 1, 24, 24, 200, 201, 4000))),
                f"{dice.randrange(10**9):09}",
                dice.choice(CHANNELS),
            )
            for _ in range(dice.choice((0, 1, 1, 2, 2, 3, 4, 5, 8, 20)))
        ]
        lead_at, opportunity_at = (
            dice.choice((None, START + timedelta(hours=dice.randrange(-5, 4100)))) for _ in "lo"
        )
        cash = dice.choice((0, 1, -1, 99, -10_000, dice.randrange(-(10**9), 10**9)))
        ended_at = START + timedelta(hours=5000)
        windows.append((key, key, "converted", lead_at, opportunity_at, ended_at, None, None))
        touch_rows += [(key, touch.key, touch.channel, touch.touched_at) for touch in touches]
        conversions.append((key, cash))
        touches.sort(key=lambda touch: (touch.touched_at, touch.key))
        touches = touches or [Touch(START, "", "(unattributed)")]
        for model, weights in weights_of(touches, lead_at, opportunity_at).items():
            expected[key, model] = (cash, weights)
    dice.shuffle(touch_rows)
    bench.put("int_attribution__windows", WINDOW, windows)
    bench.put("int_attribution__touches", TOUCH, touch_rows)
    bench.put("int_attribution__conversions", CONVERSION, conversions)
    bench.run("int_attribution__journeys", "int_attribution__credits")
    credits_of = defaultdict(list)
    columns = ", ".join(f"{model}_minor, {model}_micro" for model in TOUCH_MODELS)
    for key, _, *values in sorted(
        bench.rows("int_attribution__credits", f"conversion_key, touch_position, {columns}")
    ):
        for model, minor, micro in zip(TOUCH_MODELS, values[::2], values[1::2], strict=True):
            credits_of[key, model].append((minor, micro))
    assert credits_of.keys() == expected.keys()
    for (key, model), (cash, weights) in expected.items():
        minor, micro = zip(*credits_of[key, model], strict=True)
        assert (sum(minor), sum(micro)) == (cash, 1_000_000), (key, model)
        if model == "time_decay":
            # Weights are whole 2^-32nds there: off by one cent in ten million at most.
            bound = 1 + len(weights) * abs(cash) / 2**31
            exact = [cash * weight for weight in weights]
            assert all(abs(a - b) <= bound for a, b in zip(minor, exact, strict=True)), key
            assert micro == pytest.approx([1e6 * weight for weight in weights], abs=1.01)
        else:
            assert list(minor) == parts_of(cash, weights), (key, model)
            assert list(micro) == parts_of(1_000_000, weights), (key, model)
