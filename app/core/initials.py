"""Two letters that stand for a person where room is short."""

from collections.abc import Sequence


def initials(name: str, taken: Sequence[str] = ()) -> str:
    """Two or three letters for a name, other than those taken: AK, AK2 …"""
    words = [word for word in name.replace("-", " ").split() if word[0].isalnum()]
    letters = (words[0][0] + words[-1][0] if len(words) > 1 else (words[0][:2] if words else "?")).upper()
    number = 2
    found = letters
    while found in taken and number < 100:
        found, number = f"{letters}{number}", number + 1
    return found[:4]


def monogram(name: str) -> str:
    """Two letters for a person in a picture, without the titles before the name: FP for Dr. Frauke Petersen."""
    words = name.split()
    while len(words) > 1 and words[0].endswith(".") and len(words[0]) > 2:  # "J." is a name
        words.pop(0)
    return initials(" ".join(words))
