from fieldapp.vault import keys, passphrase


def test_a_suggestion_is_long_enough_and_never_the_same():
    found = {passphrase.suggest() for _ in range(500)}
    assert len(found) == 500
    for each in found:
        keys.require_strong(each)
        assert len(each.split()) == passphrase.WORDS


def test_the_stated_entropy_is_that_of_what_can_come():
    words = {word for _ in range(4_000) for word in passphrase.suggest(8).split()}
    assert len(words) > 6_200  # of 6,400: every one can come, none other
    assert len(words) <= 2**passphrase.BITS_PER_WORD
    assert passphrase.bits() > 60
