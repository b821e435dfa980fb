"""DDL in PostgreSQL under traffic: it lets go of what it waits for, and asks again."""

import threading

import pytest

pytestmark = pytest.mark.services


def test_a_table_that_is_busy_for_a_while_is_asked_for_again(project, databases):
    with databases.postgres() as connection:
        connection.execute("CREATE TABLE people (id integer)")
        busy = databases.postgres()
        busy.execute("BEGIN")
        busy.execute("SELECT * FROM people")
        free = threading.Timer(3, busy.close)
        free.start()

        versions = project.folder / "migrations" / "versions"
        first = versions / "0001_test.py"
        text = first.read_text().replace("CREATE", "DROP TABLE people; CREATE", 1)
        first.write_text(text)

        code, said = project.run("postgres", "upgrade", ANALYTICS_DDL_LOCK_TIMEOUT="0.5")

        assert code == 0, said
        assert "a lock did not come within 0.5 s" in said
        free.join()
