"""Scanner guns that type: keystrokes in, codes out. A state machine, pure of any window.

Promises: a burst of keys faster than a person types becomes one code; the characters that already
reached a field are asked back; the group separator is understood in every way scanners send it (Ctrl+],
Alt+029 or Alt+0029 on the keypad, F8, a named substitute), and shortcuts inside a burst are swallowed.
Caps Lock is noticed and undone. What turns out to be a fast typist is given back untouched.
Refuses: to trust the time a slow window handled a key; times are those of the events themselves.
"""

import statistics

import msgspec

from fieldapp.scan import aim
from fieldapp.scan.symbol import Symbol

GS = "\x1d"

# Names some scanners type in place of a character that keyboards lack.
_NAMED = {
    "{GS}": GS, "<GS>": GS, "[GS]": GS, "<F8>": GS, "{RS}": "\x1e", "<RS>": "\x1e", "{EOT}": "\x04",
    "<EOT>": "\x04", "{FNC1}": GS, "<FNC1>": GS,
}  # fmt: skip
_MODIFIER_KEYS = frozenset({"shift", "control", "alt", "altgr", "meta", "capslock", "numlock"})
_DIGITS = frozenset("0123456789")
_ENDS = frozenset({"enter", "return", "tab"})


class Keystroke(msgspec.Struct, frozen=True, kw_only=True):
    """One key press.

    `text` is what the press types, "" for none; `key` is the lower-case name of the key ("a", "]",
    "enter", "f8", "shift") as far as known; `at` is the event's own time in milliseconds.
    """

    text: str
    key: str = ""
    control: bool = False
    alt: bool = False
    shift: bool = False
    at: float


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """How one scanner types.

    `gap_ms` is the longest median time between its keys (60 for slow Bluetooth), `end_ms` the silence that
    ends a code without Enter, `least` the fewest characters of a code, `substitute` a character it types
    for the group separator, "" for none.
    """

    gap_ms: float = 35
    end_ms: float = 100
    least: int = 6
    substitute: str = ""


class TypedCode(msgspec.Struct, frozen=True, kw_only=True):
    """One code as a scanner typed it: `text` put right, and what was noticed while putting it right.

    `typed` is what the keys gave before anything was put right, for a calibrated keyboard.
    """

    text: str
    typed: str = ""
    caps_lock: bool = False
    separators: int = 0
    gap_ms: float = 0.0


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """What to do after one key.

    `swallow` keeps the key from the window; `retract` is how many characters before it must be taken
    back from the focused field; `replay` is text that was swallowed but is no code; `code` a finished one.
    """

    swallow: bool = False
    retract: int = 0
    replay: str = ""
    code: TypedCode | None = None


_NOTHING = Step()


class Wedge:
    """Feeds on keystrokes. One for a window; `profile` may be changed between codes."""

    def __init__(self, profile: Profile | None = None) -> None:
        self.profile = profile or Profile()
        self._forget()

    def _forget(self) -> None:
        self._text: list[str] = []
        self._times: list[float] = []
        self._claimed = False
        self._passed = 0
        self._keypad = ""
        self._caps_for = 0
        self._caps_against = 0

    def feed(self, stroke: Keystroke) -> Step:
        """Take one key press and say what to do with it."""
        if stroke.key in _MODIFIER_KEYS and not stroke.text:
            return Step(swallow=self._claimed)
        before = self._end_if_silent(stroke.at)
        if stroke.alt and stroke.key in _DIGITS:
            self._keypad += stroke.key
            self._times.append(stroke.at)
            return Step(swallow=self._claimed, replay=before.replay, code=before.code)
        character = self._character(stroke)
        if stroke.key in _ENDS or character in ("\r", "\n"):
            done = self._finish()
            return msgspec.structs.replace(
                done,
                swallow=done.code is not None,
                replay=before.replay + done.replay,
                code=done.code or before.code,
            )
        if not character:
            return msgspec.structs.replace(before, swallow=self._claimed)
        self._take(character, stroke)
        return self._claim(before)

    def idle(self, at: float) -> Step:
        """Say what the silence until `at` ends; to be called when no key has come for a while."""
        return self._end_if_silent(at)

    @property
    def in_burst(self) -> bool:
        """Say whether keys now belong to a scanner, so that shortcuts must not fire."""
        return self._claimed

    def _character(self, stroke: Keystroke) -> str:
        if self._keypad:
            code, self._keypad = int(self._keypad[-4:]), ""
            if code < 32:
                self._text.append(chr(code))
                if stroke.text == chr(code):  # the system types it as well when Alt is let go
                    return ""
        if stroke.key == "f8" and not stroke.text:
            return GS
        if stroke.control and len(stroke.key) == 1 and not (stroke.text and stroke.text < " "):
            # Where the system drops the control character, the key still tells which one it was.
            letter = stroke.key.upper()
            return chr(ord(letter) & 31) if "@" <= letter <= "_" else ""
        return stroke.text

    def _take(self, character: str, stroke: Keystroke) -> None:
        self._text.append(character)
        self._times.append(stroke.at)
        if character.isascii() and character.isalpha():
            if character.islower() == stroke.shift:
                self._caps_for += 1
            else:
                self._caps_against += 1

    def _gap(self) -> float:
        gaps = [later - earlier for earlier, later in zip(self._times, self._times[1:], strict=False)]
        return statistics.median(gaps) if gaps else 0.0

    def _claim(self, before: Step) -> Step:
        if self._claimed:
            return Step(swallow=True, replay=before.replay, code=before.code)
        typed = "".join(self._text)
        marked = len(typed) >= 3 and aim.is_prefix(typed.swapcase() if not aim.is_prefix(typed) else typed)
        if (len(typed) >= 4 or marked) and self._gap() <= self.profile.gap_ms:
            self._claimed = True
            return Step(swallow=True, retract=self._passed, replay=before.replay, code=before.code)
        # A control character inside an undecided burst must not fire a shortcut on its way.
        if typed[-1] < " ":
            return Step(swallow=True, replay=before.replay, code=before.code)
        self._passed += 1
        return before

    def _end_if_silent(self, at: float) -> Step:
        if self._times and at - self._times[-1] > max(self.profile.end_ms, 2 * self.profile.gap_ms):
            return self._finish()
        return _NOTHING

    def _finish(self) -> Step:
        if self._keypad:
            self._character(Keystroke(text="", at=0))
        text, claimed, gap = "".join(self._text), self._claimed, self._gap()
        caps = self._caps_for > 0 and self._caps_against == 0
        self._forget()
        if not claimed:
            return _NOTHING
        code = put_right(text, self.profile, caps_lock=caps, gap_ms=gap)
        if len(code.text) < self.profile.least and not aim.is_prefix(code.text):
            return Step(replay=text)
        return Step(code=code)


def put_right(text: str, profile: Profile, *, caps_lock: bool = False, gap_ms: float = 0.0) -> TypedCode:
    """Return typed text with separators restored and swapped case undone.

    A character that a system hands over in two halves is put together; half of one is none.
    """
    text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    typed, swapped = text, text.swapcase()
    caps_lock = caps_lock or (not aim.is_prefix(text) and aim.is_prefix(swapped))
    if caps_lock and not aim.is_prefix(text):
        text = swapped
    for name, character in _NAMED.items():
        text = text.replace(name, character).replace(name.lower(), character)
    if profile.substitute:
        text = text.replace(profile.substitute, GS)
    return TypedCode(text=text, typed=typed, caps_lock=caps_lock, separators=text.count(GS), gap_ms=gap_ms)


def as_symbol(code: TypedCode) -> Symbol:
    """Return a typed code as a symbol, its symbology identifier taken off where the scanner sent one."""
    prefix = code.text[:3] if aim.is_prefix(code.text) else ""
    body = code.text[len(prefix) :]
    return Symbol(
        symbology=aim.symbology(prefix) if prefix else "typed",
        aim=prefix,
        text=body,
        hex=body.encode("utf-8").hex(),
        reader="wedge",
    )
