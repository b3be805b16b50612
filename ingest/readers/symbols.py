"""Signs that only a font of symbols shows as what they mean, and mathematics, as plain text."""

from typing import Any, Final

from ingest.readers.word import attribute, child, name_of, value, walk

_WINGDINGS: Final = {
    0x28: "☎", 0x2A: "✉", 0x4A: "☺", 0x4B: "😐", 0x4C: "☹", 0x6C: "●", 0x6D: "❍", 0x6E: "■", 0x6F: "□", 0x70: "□",
    0x71: "❑", 0x72: "❒", 0x75: "◆", 0x76: "❖", 0x77: "◆", 0x9F: "•", 0xA1: "○", 0xA7: "▪", 0xA8: "☐", 0xAB: "★",
    0xD8: "➢", 0xDF: "←", 0xE0: "→", 0xE1: "↑", 0xE2: "↓", 0xE7: "←", 0xE8: "→", 0xE9: "↑", 0xEA: "↓", 0xEF: "⇦",
    0xF0: "⇨", 0xF1: "⇧", 0xF2: "⇩", 0xF3: "⬄", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
}  # fmt: skip
_WINGDINGS_2: Final = {0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0xA3: "☐", 0x97: "●"}
_SYMBOL: Final = {
    0x22: "∀", 0x24: "∃", 0x27: "∋", 0x2A: "∗", 0x2D: "−", 0x40: "≅", 0x5C: "∴", 0x5E: "⊥", 0x7E: "∼", 0xA0: "€",
    0xA2: "′", 0xA3: "≤", 0xA4: "⁄", 0xA5: "∞", 0xAB: "↔", 0xAC: "←", 0xAD: "↑", 0xAE: "→", 0xAF: "↓", 0xB0: "°",
    0xB1: "±", 0xB2: "″", 0xB3: "≥", 0xB4: "×", 0xB5: "∝", 0xB6: "∂", 0xB7: "•", 0xB8: "÷", 0xB9: "≠", 0xBA: "≡",
    0xBB: "≈", 0xBC: "…", 0xC5: "⊕", 0xC7: "∩", 0xC8: "∪", 0xCC: "⊂", 0xCE: "∈", 0xCF: "∉", 0xD1: "∇", 0xD5: "∏",
    0xD6: "√", 0xD7: "⋅", 0xD8: "¬", 0xD9: "∧", 0xDA: "∨", 0xDB: "⇔", 0xDC: "⇐", 0xDE: "⇒", 0xE5: "∑", 0xF2: "∫",
    **{0x41 + at: sign for at, sign in enumerate("ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ")},
    **{0x61 + at: sign for at, sign in enumerate("αβχδεφγηιϕκλμνοπθρστυϖωξψζ")},
}  # fmt: skip
_FONTS: Final = {"wingdings": _WINGDINGS, "wingdings 2": _WINGDINGS_2, "symbol": _SYMBOL}
_PRIVATE: Final = range(0xF000, 0xF100)
_PLAIN: Final = range(0x20, 0x7F)


def symbol(code: str | None, font: str | None) -> str | None:
    """The character that a sign of a font means, by its code in hex; None where that is not known."""
    try:
        number = int(code or "", 16)
    except ValueError:
        return None
    table = _FONTS.get((font or "").strip().lower())
    low = number - 0xF000 if number in _PRIVATE else number
    if table is not None:
        return table.get(low, chr(low) if table is _SYMBOL and low in _PLAIN else None)
    return None if number in _PRIVATE or not 0x20 <= number <= 0x10FFFF or 0xD800 <= number < 0xE000 else chr(number)


def with_symbols(text: str, font: str | None) -> str:
    """A text whose signs are what the font of the text shows, for a font of symbols."""
    table = _FONTS.get((font or "").strip().lower())
    if table is None:
        return text
    return "".join(table.get(ord(sign) - 0xF000 if ord(sign) in _PRIVATE else ord(sign), sign) for sign in text)


def formula(element: Any) -> str:
    """A formula on one line: ``a/b``, ``x^2``, ``√(x)``."""
    match name_of(element):
        case "t":
            return element.text or ""
        case "f":
            return "/".join(_bracketed(formula(one)) for one in element if name_of(one) in ("num", "den"))
        case "sSup" | "sSub" | "sSubSup":
            signs = {"e": "", "sub": "_", "sup": "^"}
            parts = [(name_of(one), formula(one)) for one in element if name_of(one) in signs]
            return "".join(text if name == "e" else signs[name] + _bracketed(text) for name, text in parts)
        case "rad":
            return f"√({''.join(formula(one) for one in element if name_of(one) == 'e')})"
        case "d":
            begin, end = (value(element, "dPr", key) or sign for key, sign in (("begChr", "("), ("endChr", ")")))
            return begin + ", ".join(formula(one) for one in element if name_of(one) == "e") + end
    sign = value(element, "naryPr", "chr") or "∫" if name_of(element) == "nary" else ""
    return (f"{sign} " if sign else "") + (" " if sign else "").join(filter(None, map(formula, element)))


def _bracketed(text: str) -> str:
    return text if len(text.split()) < 2 and all(sign.isalnum() or sign in ",." for sign in text) else f"({text})"


def form_field(element: Any) -> str:
    """What is filled in in an old form field that shows no text of its own: a tick, or the choice from a list."""
    box = next(walk(element, "checkBox"), None)
    if box is not None:
        given = child(box, "checked")
        given = child(box, "default") if given is None else given
        is_ticked = given is not None and (attribute(given, "val") or "1") in ("1", "true", "on")
        return "☒" if is_ticked else "☐"
    choices = next(walk(element, "ddList"), None)
    if choices is not None:
        entries = [attribute(one, "val") or "" for one in choices if name_of(one) == "listEntry"]
        chosen = value(choices, "result") or value(choices, "default") or "0"
        return entries[int(chosen)] if chosen.isdecimal() and int(chosen) < len(entries) else ""
    return ""
