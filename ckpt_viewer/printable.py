"""Names from files as text that can be shown: nothing in it hides or reorders what stands around it."""

import unicodedata

# Marks that reorder or hide text around them; a name may hold them, the screen must show them.
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def printable(name: str) -> str:
    r"""On one line, with control, format and bidi characters escaped (`\n`, `\x1b`, `\u202e`)."""
    if name.isprintable():
        return name
    return "".join(_escaped(character) for character in name)


def _escaped(character: str) -> str:
    if "\udc80" <= character <= "\udcff":
        return f"\\x{ord(character) - 0xDC00:02x}"
    if unicodedata.category(character) not in _INVISIBLE:
        return character
    return character.encode("unicode_escape", "surrogatepass").decode()
