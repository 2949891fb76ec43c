"""Twelve kinds of noise between a listed name and the name on a paper."""

import random
from collections.abc import Callable

LETTERS = "abcdefghijklmnopqrstuvwxyz"
Noise = Callable[[str], str]


def noises(rng: random.Random) -> dict[str, Noise]:
    """Return the kinds of noise, drawing from `rng`."""

    def at(text: str) -> int:
        return rng.choice([i for i, c in enumerate(text) if c.isalpha()])

    def drop(text: str) -> str:
        i = at(text)
        return text[:i] + text[i + 1 :]

    def change(text: str) -> str:
        i = at(text)
        return text[:i] + rng.choice(LETTERS) + text[i + 1 :]

    def swap(text: str) -> str:
        i = min(at(text), len(text) - 2)
        return text[:i] + text[i + 1] + text[i] + text[i + 2 :]

    def shuffled(text: str) -> str:
        words = text.split()
        rng.shuffle(words)
        return " ".join(words)

    def longest(text: str, edit: Noise) -> str:
        words = text.split()
        i = max(range(len(words)), key=lambda place: len(words[place]))
        words[i] = edit(words[i])
        return " ".join(words)

    return {
        "case and marks": lambda t: t.lower().replace(",", " "),
        "letter dropped": drop,
        "letter changed": change,
        "letters swapped": swap,
        "two slips": lambda t: drop(change(t)),
        "two slips in one word": lambda t: longest(t, lambda w: drop(change(w)) if len(w) > 3 else w),
        "words in another order": shuffled,
        "words joined": lambda t: t.replace(" ", "", 1),
        "word cut in two": lambda t: longest(t, lambda w: f"{w[: len(w) // 2]} {w[len(w) // 2 :]}"),
        "legal form added": lambda t: f"{t} Co., Ltd",
        "order and slip": lambda t: change(shuffled(t)),
        "vowels": lambda t: longest(t, lambda w: w.replace("a", "e", 1).replace("u", "o", 1)),
    }
