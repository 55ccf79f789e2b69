"""The secret of identity tokens, from the environment into every DuckDB cursor of dbt.

A plugin of dbt-duckdb (dbt/profiles.yml names it). Jinja's env_var() would write the secret into
compiled SQL, the manifest and logs; a DuckDB variable is in none of them. What is handed over isn't
even the pepper but a key derived from it. The macro identity_token uses it.
"""

import hashlib
import hmac
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from dbt.adapters.duckdb.plugins import BasePlugin

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ENVIRONMENT_VARIABLE = "LEADHOUSE_IDENTITY_PEPPER"
DUCKDB_VARIABLE = "leadhouse_identity_key"
SHORTEST_PEPPER = 16


def identity_key(env: Mapping[str, str] | None = None) -> str | None:
    """The key of identity tokens, 64 hexadecimal digits: HMAC-SHA-256 (RFC 2104) of the pepper.

    None when the pepper is missing or shorter than 16 characters: whoever needs tokens then raises,
    who doesn't isn't bothered.
    """
    pepper = (os.environ if env is None else env).get(ENVIRONMENT_VARIABLE, "").strip()
    if len(pepper) < SHORTEST_PEPPER:
        return None
    return hmac.new(pepper.encode(), b"leadhouse identity tokens v1", hashlib.sha256).hexdigest()


class Plugin(BasePlugin):
    """Sets the DuckDB variable leadhouse_identity_key: variables belong to one cursor."""

    def configure_cursor(self, cursor: "DuckDBPyConnection") -> None:
        """Called by dbt-duckdb for each cursor. As a parameter: no SQL text holds the key."""
        if key := identity_key():
            cursor.execute(f"set variable {DUCKDB_VARIABLE} = ?", [key]).fetchall()
