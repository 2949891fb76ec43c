"""How a camera's codes come together."""

from fieldapp.actions.filming import Sighting
from fieldapp.scan.symbol import Symbol
from ui.models.arrival import PATIENCE_MS, SETTLED_MS, Gathering


def code(text: str, *, confirmed: bool = True, at: float = 0.0) -> Symbol:
    return Symbol(
        symbology="Code128", aim="]C1", text=text, hex=text.encode().hex(), confirmed=confirmed,
        corners=((at, at),),
    )  # fmt: skip


def sight(*symbols: Symbol, fresh: tuple[Symbol, ...] = (), frame: str = "") -> Sighting:
    return Sighting(
        state="seeing",
        symbols=symbols,
        fresh=fresh,
        frame=frame.encode(),
        frame_sha256=frame and f"hash-{frame}",
    )


def test_codes_of_one_label_come_as_one_with_the_picture_that_shows_both():
    gathering = Gathering()
    first, unsure, second = code("A"), code("B", confirmed=False), code("B")
    assert gathering.see(sight(first, unsure, fresh=(first,), frame="one"), 0) == ()
    later = code("A", at=7.0)
    assert gathering.see(sight(later, second, fresh=(second,), frame="two"), 120) == ()
    (arrival,) = gathering.see(sight(later, second), 120 + SETTLED_MS)
    assert [each.symbol.text for each in arrival.codes] == ["A", "B"]
    assert arrival.codes[0].symbol.corners == ((7.0, 7.0),), "where it is in the picture that is kept"
    assert (arrival.content, arrival.sha256) == (b"two", "hash-two")
    assert {each.source for each in arrival.codes} == {"camera"}
    assert gathering.see(sight(later, second), 5000) == ()


def test_a_code_that_is_not_in_the_picture_goes_with_its_own():
    gathering = Gathering()
    first, second = code("A"), code("B")
    gathering.see(sight(first, fresh=(first,), frame="one"), 0)
    gathering.see(sight(second, fresh=(second,), frame="two"), 50)
    arrivals = gathering.see(sight(), 50 + SETTLED_MS)
    assert {(each.codes[0].symbol.text, each.content) for each in arrivals} == {("A", b"one"), ("B", b"two")}


def test_one_that_never_becomes_certain_is_not_waited_for_long():
    gathering = Gathering()
    first, unsure = code("A"), code("B", confirmed=False)
    gathering.see(sight(first, unsure, fresh=(first,), frame="one"), 0)
    assert gathering.see(sight(first, unsure), PATIENCE_MS - 1) == ()
    (arrival,) = gathering.see(sight(first, unsure), PATIENCE_MS)
    assert [each.symbol.text for each in arrival.codes] == ["A"]


def test_the_end_of_the_picture_loses_nothing():
    gathering = Gathering()
    first = code("A")
    gathering.see(sight(first, fresh=(first,), frame="one"), 0)
    assert [each.codes[0].symbol.text for each in gathering.end()] == ["A"]
    assert gathering.end() == ()
