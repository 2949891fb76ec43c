"""What counts as digits: 0 to 9. Python's own tests also pass the digits of other scripts and superscripts,
which no grammar of codes knows and `int` refuses.
"""


def only_digits(text: str) -> bool:
    """Say whether `text` is made of 0 to 9 and nothing else, and is not empty."""
    return text.isascii() and text.isdigit()
