"""The demonstration company: a simulator of raw extracts that knows the truth behind them.

It shares no code with the product (only numpy, pyarrow for the Parquet deliveries and the standard
library), so that its truth can judge the product. Start with :func:`simulate`, or
``python -m tests.simulator --help``.
"""

from tests.simulator.simulation import simulate

__all__ = ["simulate"]
