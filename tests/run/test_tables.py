"""The delta tables come and go as a whole."""

from __future__ import annotations

import sqlite3

from qingting.engine.run.tables import create_tables, drop_tables

LEFT = "SELECT name FROM temp.sqlite_master"


def test_all_that_is_made_is_dropped_and_can_be_made_anew() -> None:
    connection = sqlite3.connect(":memory:")
    create_tables(connection)
    made = connection.execute(LEFT).fetchall()
    connection.execute("INSERT INTO priorities VALUES ('a', 1)")
    create_tables(connection)
    assert connection.execute(LEFT).fetchall() == made
    assert connection.execute("SELECT count(*) FROM priorities").fetchone() == (0,)
    drop_tables(connection)
    assert connection.execute(LEFT).fetchall() == []
    connection.close()
