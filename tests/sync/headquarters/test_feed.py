from fieldapp import clock, enrolment
from sync.headquarters import feed, store
from sync.headquarters.office import Office
from sync.wire import FeedItem


def put(at: Office, recipient: str, note: str) -> int:
    statement = enrolment.sign("note", {"note": note}, at.keyring.real.signing)
    with store.writing(at.engine) as connection:
        return feed.append(connection, recipient, statement, clock.now)


def read(
    at: Office, device: str, practice: bool, cursor: int, limit: int = 10
) -> tuple[tuple[FeedItem, ...], int, bool]:
    with store.reading(at.engine) as connection:
        return feed.after(connection, device, practice, cursor, limit)


def test_each_reads_his_own_and_his_realms(at: Office) -> None:
    mine, common = put(at, "a", "mine"), put(at, "real", "all")
    put(at, "b", "other")
    put(at, "practice", "practice")
    assert [item.pos for item in read(at, "a", False, 0)[0]] == [mine, common]
    assert read(at, "a", False, common) == ((), common, False)


def test_it_goes_on_where_it_stopped(at: Office) -> None:
    places = [put(at, "a", str(number)) for number in range(5)]
    seen: list[int] = []
    cursor, more = 0, True
    while more:
        items, cursor, more = read(at, "a", False, cursor, limit=2)
        seen += [item.pos for item in items]
    assert seen == places


def test_a_place_is_given_once(at: Office) -> None:
    last = put(at, "a", "one")
    with store.writing(at.engine) as connection:
        connection.exec_driver_sql("DELETE FROM feed")
    assert put(at, "a", "two") > last
