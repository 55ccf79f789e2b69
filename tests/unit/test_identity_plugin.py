import duckdb
import pytest

from dagster_project.lib.identity import plugin
from tests.unit.typing_harness import Harness

PEPPER = "a-long-random-pepper-of-a-test"


def test_key_is_derived_from_the_pepper_and_does_not_show_it() -> None:
    key = plugin.identity_key({"LEADHOUSE_IDENTITY_PEPPER": PEPPER})
    assert key == plugin.identity_key({"LEADHOUSE_IDENTITY_PEPPER": f" {PEPPER}\n"})
    assert key != plugin.identity_key({"LEADHOUSE_IDENTITY_PEPPER": PEPPER + "2"})
    assert len(key) == 64
    assert PEPPER not in key


@pytest.mark.parametrize("pepper", ["", "short", "fifteen letters", " " * 40])
def test_short_pepper_gives_no_key(pepper: str) -> None:
    assert plugin.identity_key({"LEADHOUSE_IDENTITY_PEPPER": pepper}) is None
    assert plugin.identity_key({}) is None


@pytest.mark.parametrize("pepper", [None, PEPPER])
def test_every_cursor_holds_the_key(monkeypatch: pytest.MonkeyPatch, pepper: str | None) -> None:
    if pepper:
        monkeypatch.setenv("LEADHOUSE_IDENTITY_PEPPER", pepper)
    cursor = duckdb.connect().cursor()
    plugin.Plugin(name="identity", plugin_config={}).configure_cursor(cursor)
    found = cursor.execute("select getvariable('leadhouse_identity_key')").fetchall()
    assert found == [(plugin.identity_key(),)]


def test_a_secret_that_was_not_set_raises_instead_of_being_null() -> None:
    macros = Harness()
    secret = macros.sql("session_secret", "leadhouse_identity_key")
    with pytest.raises(duckdb.InvalidInputException, match="leadhouse_identity_key is not set"):
        macros.value(f"{secret} || raw", "a")
    assert macros.value(macros.sql("has_session_secret", "leadhouse_identity_key")) is False
    macros.connection.execute("set variable leadhouse_identity_key = ?", ["k"])
    assert macros.value(f"{secret} || raw", "a") == "ka"
    assert macros.value(macros.sql("has_session_secret", "leadhouse_identity_key")) is True


def test_spark_texts_are_there() -> None:
    spark = Harness("spark")
    assert spark.sql("sha256_hex", "a") == "sha2(a, 256)"
    assert "raise_error" in spark.sql("session_secret", "k")
    assert spark.sql("has_session_secret", "k") == "(k is not null)"
