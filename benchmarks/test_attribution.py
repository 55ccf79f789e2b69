"""`make bench`: attribution stays within its budgets. Use an idle machine."""

import subprocess
import sys

import pytest

from benchmarks import attribution


@pytest.mark.skipif(
    not (attribution.PROTOTYPE / "heur_wide.py").exists(),
    reason="the prototype is not beside the project",
)
def test_attribution_costs_little_more_than_the_prototype():
    done = subprocess.run(
        [sys.executable, attribution.__file__],
        capture_output=True,
        text=True,
        timeout=attribution.TIMEOUT_S,
        check=False,
    )
    print(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr[-3000:]
