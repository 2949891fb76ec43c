import pytest
from sqlalchemy import select

from fieldapp import clock
from sync.headquarters import audit, store, tables
from sync.headquarters.office import Office
from tests.support.headquarters import Chain


def test_every_line_names_the_one_before(at: Office) -> None:
    Chain(at)
    with store.reading(at.engine) as connection:
        assert audit.verify(connection) == 2
        whats = connection.execute(select(tables.audit.c.what)).scalars().all()
    assert whats == ["invited", "enrolled"]


@pytest.mark.parametrize(
    "change", ["UPDATE audit SET actor = 'x' WHERE number = 1", "DELETE FROM audit WHERE number = 1"]
)
def test_a_change_behind_its_back_is_found(at: Office, change: str) -> None:
    with store.writing(at.engine) as connection:
        for number in range(3):
            audit.note(connection, clock.now(), "test", f"what-{number}")
    with pytest.raises(Exception, match="never changed"), store.writing(at.engine) as connection:
        connection.exec_driver_sql(change)
    on = " ON audit" if at.engine.dialect.name == "postgresql" else ""
    with store.writing(at.engine) as connection:
        for trigger in ("audit_no_update", "audit_no_delete"):
            connection.exec_driver_sql(f"DROP TRIGGER {trigger}{on}")
        connection.exec_driver_sql(change)
    with store.reading(at.engine) as connection, pytest.raises(audit.AuditBroken):
        audit.verify(connection)
